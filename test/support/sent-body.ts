import type { ModelEvent, ModelRequest } from "../../src/backends/backend.ts";
import { makeBackends } from "../../src/backends/backends.ts";
import { isJsonObject, type JsonObject } from "../../src/std/json.ts";
import { settingsAt } from "./fake-hosts.ts";
import { collected, modelRequest } from "./fake-request.ts";

/** What a backend sends for a request, and what it yields when the host then says nothing. */
export async function sentBy(
	backend: string,
	changes: Partial<ModelRequest>,
): Promise<{ readonly bodies: readonly JsonObject[]; readonly events: readonly ModelEvent[] }> {
	const bodies: JsonObject[] = [];
	const fetch: typeof globalThis.fetch = async (_, init) => {
		const body: unknown = JSON.parse(String(init?.body));
		if (isJsonObject(body)) bodies.push(body);
		return new Response("");
	};
	const request = modelRequest(changes);
	const spec = { backend, model: request.model, params: request.params };
	const backends = makeBackends(settingsAt("https://hosts.invalid"), { fetch, now: Date.now });
	const problem = backends.problem(spec);
	if (problem !== null) throw new Error(`${problem.path}: ${problem.message}`);
	return { bodies, events: await collected(backends.open(spec), request) };
}

/** The one body of a request that is sent. */
export async function sentBody(backend: string, changes: Partial<ModelRequest>): Promise<JsonObject> {
	const { bodies } = await sentBy(backend, changes);
	const [body] = bodies;
	if (body === undefined || bodies.length !== 1) throw new Error(`${bodies.length} requests were sent`);
	return body;
}

/** The fields of a body that are named, where they are there. */
export function fieldsOf(body: JsonObject, names: readonly string[]): JsonObject {
	return Object.fromEntries(Object.entries(body).filter(([name]) => names.includes(name)));
}
