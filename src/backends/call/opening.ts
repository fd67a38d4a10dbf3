import { InvariantError } from "../../std/assert.ts";
import type { CallStage, Failure, ModelEvent, ModelRequest } from "../backend.ts";
import { piecesOf } from "./body-pieces.ts";
import type { Built } from "./built.ts";
import { failureOf, makeFailure, withoutKey } from "../failure.ts";
import type { Mode, Refused } from "./modes.ts";
import type { CallPace, Permit } from "../pace/pace.ts";
import { requestFault } from "./request-fault.ts";
import { retryAfterOf } from "../pace/retry-after.ts";
import type { Slots } from "../pace/slots.ts";
import type { Watch } from "./watch.ts";
import type { WireReader } from "../wire/wire.ts";

/** What it takes to get a request to its host. `key` is known here only to keep it out of messages. */
export type Sending = {
	readonly name: string;
	readonly key: string | null;
	readonly admit: (request: ModelRequest, body: string, waiting: Waiting) => ReturnType<CallPace["admit"]>;
	readonly slots: Slots;
	readonly fetch: typeof fetch;
	readonly now: () => number;
};

type Waiting = { readonly signal: AbortSignal; readonly held: () => void };

/** One call on its way; `reached` is told where it stands. */
export type Opening = {
	readonly request: ModelRequest;
	readonly watch: Watch;
	readonly reached: (stage: CallStage) => void;
};

/** `first`: what is told before the body is read. */
export type Asked = Mode & { readonly first: readonly ModelEvent[] };

/** An answer that has begun. Whoever reads it tells the permit what became of it. */
export type Opened = {
	readonly body: ReadableStream<Uint8Array> | null;
	readonly reader: WireReader;
	readonly first: readonly ModelEvent[];
	readonly permit: Permit;
};

/** Waits for the host's limits, then for one of our slots; only from there on does the host owe us a first byte. */
export async function open(
	sending: Sending,
	{ request, watch, reached }: Opening,
	{ build, reader, first }: Asked,
): Promise<Opened | Refused> {
	reached("queued");
	const fault = requestFault(request);
	if (fault !== null) return { failure: fault, status: null };
	const built = await build(request).catch(nullUnlessOurs);
	if (built === null) return { failure: unbuilt(sending.name), status: null };
	const waiting = { signal: watch.signal, held: () => reached("paced") };
	const admitted = await sending.admit(request, built.init.body ?? "", waiting);
	if ("failure" in admitted) return { failure: expired(sending.name, watch) ?? admitted.failure, status: null };
	const { permit } = admitted;
	reached("queued");
	if ((await sending.slots.take(watch.signal)) !== "taken") {
		permit.ended("unsent");
		return { failure: expired(sending.name, watch) ?? crowded(sending.name), status: null };
	}
	reached("waiting");
	watch.expect("first_byte_timeout", request.firstByteTimeoutMs);
	const answer = await answerTo(sending, built, { watch, permit });
	if ("failure" in answer) {
		// It may be made again in another way, which waits for its turn anew.
		watch.rest();
		permit.ended(watch.cause() === "aborted" ? "given up" : outcomeOf(answer));
		return answer;
	}
	reached("streaming");
	return { body: answer.body, reader: reader(), first, permit };
}

/** Why a timer of ours ended a call; null where none did. */
export function expired(name: string, watch: Watch): Failure | null {
	const cause = watch.cause();
	if (cause === "first_byte_timeout") return makeFailure(cause, `${name} sent nothing in time`);
	return cause === "stall_timeout" ? makeFailure(cause, `${name} stopped sending`) : null;
}

/** A host that says that it has not built what was asked of it (501) is there, whatever its words. */
function outcomeOf({ failure, status }: Refused): Failure | "whole" {
	return status === 501 ? "whole" : failure;
}

type Answer = Pick<Opened, "body"> | Refused;

async function answerTo(
	sending: Sending,
	built: Built,
	{ watch, permit }: { readonly watch: Watch; readonly permit: Permit },
): Promise<Answer> {
	try {
		const send = sending.fetch;
		// `manual`: a redirect elsewhere must not carry the key along.
		const response = await send(built.url, { ...built.init, redirect: "manual", signal: watch.signal });
		permit.heard(response);
		if (response.ok) return { body: response.body };
		return { failure: await refusal(sending, response, watch.signal), status: response.status };
	} catch (error) {
		return {
			status: null,
			failure:
				expired(sending.name, watch) ??
				makeFailure("network", `${sending.name} could not be reached${causeOf(error)}`),
		};
	} finally {
		sending.slots.release();
	}
}

/** An SDK wraps what its `fetch`, which is ours, throws. */
function nullUnlessOurs(error: unknown): null {
	const cause = error instanceof Error ? error.cause : null;
	const ours = [error, cause].find((thrown) => thrown instanceof InvariantError);
	if (ours !== undefined) throw ours;
	return null;
}

/** The SDK's own words may quote a header, and with it the key. */
function unbuilt(name: string): Failure {
	const message = `the request to ${name} could not be built: check its key, its base URL and the params`;
	return makeFailure("bad_request", message);
}

function crowded(name: string): Failure {
	return makeFailure("overloaded", `too many calls to ${name} are waiting to be sent`);
}

const errorBytesMax = 64 * 1024;

async function refusal({ key, now }: Sending, response: Response, signal: AbortSignal): Promise<Failure> {
	const body = await beginningOf(response, signal);
	const retryAfterMs = retryAfterOf(response, now());
	return withoutKey(failureOf({ status: response.status, body, retryAfterMs }), key);
}

async function beginningOf(response: Response, signal: AbortSignal): Promise<string> {
	if (response.body === null) return "";
	const pieces = piecesOf(response.body, () => 0);
	signal.addEventListener("abort", pieces.cancel, { once: true });
	const decoder = new TextDecoder();
	let text = "";
	let left = errorBytesMax;
	while (left > 0) {
		const piece = await pieces.next();
		if (piece === null) return text;
		text += decoder.decode(piece.subarray(0, left), { stream: true });
		left -= piece.byteLength;
	}
	pieces.cancel();
	return text;
}

function causeOf(error: unknown): string {
	const cause = error instanceof Error ? error.cause : null;
	const code = typeof cause === "object" && cause !== null && "code" in cause ? cause.code : null;
	return typeof code === "string" ? ` (${code})` : "";
}
