import { makeBackends } from "../../../src/backends/backends.ts";
import { modelRequest } from "../fake-request.ts";
import { eventsIn } from "./raw-events.ts";
import type { ChunksAsked } from "./chunks.ts";
import { sdkReaders } from "./sdk-readers.ts";

/** Runs in workerd: reads one stream of the fake again and again, by a plain parser, as a session does, or by an SDK. */
export default {
	async fetch(request: Request): Promise<Response> {
		const asked: ChunksAsked = await request.json();
		for (let read = 0; read < asked.reads; read++) await readers[asked.reader](asked);
		return new Response("read");
	},
};

const readers = { plain, ours, sdk } as const satisfies Record<
	ChunksAsked["reader"],
	(asked: ChunksAsked) => Promise<void>
>;

async function plain({ url, path, model, chunks }: ChunksAsked): Promise<void> {
	const body = JSON.stringify({ model, messages: [{ role: "user", content: "?" }], stream: true });
	const headers = { "content-type": "application/json" };
	const response = await fetch(`${url}${path}`, { method: "POST", headers, body });
	if (!response.ok || response.body === null) throw new Error(`the fake provider said ${response.status}`);
	let events = 0;
	await eventsIn(response.body, () => (events += 1));
	if (events < chunks) throw new Error(`a stream had only ${events} events`);
}

async function ours({ wire, settings, backend, model, chunks }: ChunksAsked): Promise<void> {
	const backends = makeBackends(settings, { fetch: (input, init) => fetch(input, init), now: () => Date.now() });
	const call = backends.open({ backend, model, params: {} });
	// Gemini speaks its other protocol where a call is to be resumable.
	const request = modelRequest({ model, resumable: wire === "gemini-interactions" });
	let text = "";
	for await (const events of call(request, new AbortController().signal))
		for (const event of events) if (event.type === "text") text += event.text;
	// Pieces may come joined, so what is counted is the word that stands in each of them once.
	const pieces = text.split("thought").length - 1;
	if (pieces < chunks) throw new Error(`a stream had only ${pieces} pieces of text`);
}

async function sdk({ wire, url, model, chunks }: ChunksAsked): Promise<void> {
	let events = 0;
	for await (const _ of await sdkReaders[wire]({ url, model })) events += 1;
	if (events < chunks) throw new Error(`a stream had only ${events} events`);
}
