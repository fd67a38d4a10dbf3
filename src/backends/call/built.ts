import { assert } from "../../std/assert.ts";
import { keepingRecent } from "../../std/recent.ts";
import type { Endpoint } from "../hosts.ts";

/** A request that an SDK has built and signed, and that nobody has sent yet. `body`: JSON text, null where it has none. */
export type Built = {
	readonly url: string;
	readonly init: { readonly method: string; readonly headers: Headers; readonly body: string | null };
};

/** Where a request that an SDK "sends" ends up. */
type Recorder = (request: Built) => void;

/**
 * Lets an SDK build, type and sign one request: its `fetch` records the request and hands back an empty answer. The same
 * for all three SDKs, and none of their retries, timers or readers is left in the way.
 */
export async function builtBy(send: (record: Recorder) => Promise<unknown>): Promise<Built> {
	const recorded: Built[] = [];
	await send((request) => void recorded.push(request));
	const [built] = recorded;
	assert(built !== undefined && recorded.length === 1, "an SDK sends exactly one request");
	return built;
}

/** A `fetch` for a client that is made for one request. */
export function recording(record: Recorder): typeof fetch {
	return async (input, init) => {
		const built = input instanceof Request ? await requestAt(input) : sendingTo(input.toString(), init);
		record(untold(built));
		// Google's SDK looks into an answer before it hands it on.
		const type = built.init.headers.get("accept") ?? "application/json";
		return new Response("{}", { status: 200, headers: { "content-type": type } });
	};
}

/** What an SDK tells its maker of the machine it runs on helps no request of ours, and each header has its price. */
function untold(built: Built): Built {
	const { headers } = built.init;
	const names = Array.from(headers.keys());
	for (const name of names) if (name.startsWith("x-stainless-")) headers.delete(name);
	return built;
}

function sendingTo(url: string, { method = "GET", headers, body = null }: RequestInit = {}): Built {
	assert(body === null || typeof body === "string", "an SDK sends JSON text");
	return { url, init: { method: method.toUpperCase(), headers: new Headers(headers), body } };
}

async function requestAt(request: Request): Promise<Built> {
	const body = request.body === null ? null : await request.text();
	return { url: request.url, init: { method: request.method, headers: request.headers, body } };
}

/** The `fetch` of a client that is kept between requests: each request brings its own recorder along. */
export const recordingEach: typeof fetch = (input, init) => {
	assert(init !== undefined && "record" in init && typeof init.record === "function", "a request is recorded");
	const record = init.record as Recorder;
	return recording(record)(input, init);
};

/** The option that brings a recorder along: the SDKs hand what stands in `fetchOptions` on to their `fetch`. */
export function recordedBy(record: Recorder): { fetchOptions: NoneOfTheirs } {
	return { fetchOptions: { record } };
}

/** To an SDK these are options of `fetch`, none of which it knows. */
type NoneOfTheirs = { readonly [option in never]: unknown };

/** More clients are not kept: a team may name any base URL. */
export const clientsMax = 64;

/** Keeps a client for each endpoint, since making one costs three times what building a request with it does. */
export function keptClients<Client>(make: (endpoint: Endpoint) => Client): (endpoint: Endpoint) => Client {
	const kept = keepingRecent<Client>(clientsMax);
	return (endpoint) => kept.of(`${endpoint.baseUrl} ${endpoint.key ?? ""}`, () => make(endpoint));
}

/** Runs `make` at the first call and gives the same result ever after; what failed is tried again at the next call. */
export function once<T>(make: () => Promise<T>): () => Promise<T> {
	let made: Promise<T> | null = null;
	return () => {
		made ??= make().catch((error: unknown) => {
			made = null;
			throw error;
		});
		return made;
	};
}
