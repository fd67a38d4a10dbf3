import type { IncomingMessage, ServerResponse } from "node:http";
import { keepingRecent } from "../../src/std/recent.ts";
import { fakeGemini } from "./fake-gemini.ts";

/** What an answer is written to: a client's connection, or a place where it is kept. */
export type Outlet = {
	readonly headersSent: boolean;
	readonly writeHead: (status: number, headers: Record<string, string>) => { end: (text: string) => unknown };
	readonly write: (text: string) => boolean;
	readonly once: (event: "drain" | "close", then: () => void) => unknown;
	readonly end: () => unknown;
	readonly destroy: () => unknown;
};

/** Answers that are made whether or not anybody listens, and kept to be asked for again. */
export type FakeBackground = {
	/** Where the answer to this request is to be written, and what ends the making of it. */
	readonly begin: (id: string, response: ServerResponse) => { readonly outlet: Outlet; readonly gone: AbortSignal };
	/** Answers a request about a kept answer; false for any other. */
	readonly answered: (incoming: IncomingMessage, response: ServerResponse) => boolean;
	/** What a provider does some time after the end. */
	readonly forget: () => void;
};

type Kept = {
	/** One event each, as it goes over the wire; the number of an event is its place. */
	readonly events: string[];
	readonly stop: AbortController;
	readonly listeners: Set<() => void>;
	readonly connections: Set<ServerResponse>;
	over: boolean;
};

const keptMax = 200;

/** What becomes of an answer's name: it has left for who asked, or somebody has asked for the answer by it. */
export type NameHeard = (id: string, what: "told" | "used") => void;

/** OpenAI's background mode and Google's: the same but for their words. */
export function fakeBackground(heard: NameHeard = () => {}): FakeBackground {
	let answers = keepingRecent<Kept>(keptMax);
	return {
		begin: (id, response) => {
			const kept: Kept = {
				events: [],
				stop: new AbortController(),
				listeners: new Set(),
				connections: new Set(),
				over: false,
			};
			answers.of(id, () => kept);
			return { outlet: outletOf(kept, response, () => heard(id, "told")), gone: kept.stop.signal };
		},
		answered: ({ method = "GET", url = "" }, response) => {
			const { pathname, searchParams } = new URL(url, "http://fake");
			const dialect = dialects.find(({ path }) => path.test(pathname));
			const [, id = "", action] = dialect?.path.exec(pathname) ?? [];
			if (dialect === undefined || (method === "POST") !== (action === "cancel")) return false;
			const kept = answers.known(id);
			if (kept === null) sendJson(response, 404, dialect.unknown(pathname));
			else if (action === "cancel") cancel(kept, response, dialect.cancelled(id));
			else {
				heard(id, "used");
				follow(kept, dialect.placeAfter(searchParams), response);
			}
			return true;
		},
		forget: () => void (answers = keepingRecent(keptMax)),
	};
}

type Dialect = {
	readonly path: RegExp;
	readonly placeAfter: (query: URLSearchParams) => number;
	readonly cancelled: (id: string) => object;
	readonly unknown: (path: string) => object;
};

const dialects: readonly Dialect[] = [
	{
		path: /\/responses\/resp_([^/]+)(?:\/(cancel))?$/,
		placeAfter: (query) => Number(query.get("starting_after") ?? -1) + 1,
		cancelled: (id) => ({ id: `resp_${id}`, object: "response", status: "cancelled", background: true }),
		unknown: (path) => ({
			error: {
				message: `Response with id '${path.split("/")[3]}' not found.`,
				type: "invalid_request_error",
				param: "id",
				code: null,
			},
		}),
	},
	{
		path: /\/interactions\/v1_([^/]+)(?:\/(cancel))?$/,
		placeAfter: (query) => Number((query.get("last_event_id") ?? "ev_-1").slice("ev_".length)) + 1,
		cancelled: (id) => ({ id: `v1_${id}`, object: "interaction", status: "cancelled" }),
		unknown: () => fakeGemini.refusal({ status: 404, message: "Requested entity was not found." }),
	},
];

/** Until something is said the client waits for its headers; what is refused is not kept. The first event names the answer. */
function outletOf(kept: Kept, response: ServerResponse, named: () => void): Outlet {
	let begun = false;
	return {
		get headersSent() {
			return begun;
		},
		writeHead: (status, headers) => {
			if (status !== 200) return response.writeHead(status, headers);
			begun = true;
			follow(kept, 0, response);
			return response;
		},
		write: (text) => {
			const isFirst = kept.events.length === 0;
			kept.events.push(...text.split(/(?<=\n\n)/));
			for (const listener of kept.listeners) listener();
			if (isFirst) named();
			return true;
		},
		once: () => {},
		end: () => end(kept),
		destroy: () => kept.connections.forEach((connection) => connection.destroy()),
	};
}

function end(kept: Kept): void {
	kept.over = true;
	for (const listener of kept.listeners) listener();
}

function cancel(kept: Kept, response: ServerResponse, told: object): void {
	kept.stop.abort();
	end(kept);
	sendJson(response, 200, told);
}

/** Sends what is there from this place on, then whatever comes, to the end. */
function follow(kept: Kept, from: number, response: ServerResponse): void {
	let next = from;
	const send = (): void => {
		for (; next < kept.events.length; next += 1) response.write(kept.events[next]);
		if (kept.over) response.end();
	};
	const leave = (): void => {
		kept.listeners.delete(send);
		kept.connections.delete(response);
	};
	response.on("close", leave);
	kept.listeners.add(send);
	kept.connections.add(response);
	response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
	response.flushHeaders();
	send();
}

function sendJson(response: ServerResponse, status: number, body: object): void {
	response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
