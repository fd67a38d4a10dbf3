import type { ModelRequest, ResumePoint } from "../backend.ts";
import { builtBy, recordedBy, type Built } from "../call/built.ts";
import type { Endpoint } from "../hosts.ts";
import { openaiClients } from "./openai-chat-request.ts";
import { includesOf } from "./openai-responses-request.ts";

/**
 * Asks for the rest of a response that goes on in the background, or for all of it.
 * https://developers.openai.com/api/docs/guides/background
 */
export async function responsesResumption(
	{ handle, cursor }: ResumePoint,
	request: ModelRequest,
	endpoint: Endpoint,
): Promise<Built> {
	const client = (await openaiClients())(endpoint);
	const include = includesOf(request, endpoint);
	const query = {
		stream: true as const,
		...(cursor === null ? {} : { starting_after: Number(cursor) }),
		...(include.length === 0 ? {} : { include }),
	};
	return builtBy((record) => client.responses.retrieve(handle, query, recordedBy(record)).asResponse());
}

/** Ends a response that goes on in the background. */
export async function responsesCancellation(handle: string, endpoint: Endpoint): Promise<Built> {
	const client = (await openaiClients())(endpoint);
	return builtBy((record) => client.responses.cancel(handle, recordedBy(record)).asResponse());
}
