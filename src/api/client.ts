import type { BackendList } from "./backend-list.ts";
import type { Counterfactuals } from "./counterfactuals-schema.ts";
import type { LoggedEvent } from "../consensus/events.ts";
import { terminalEvents } from "../consensus/events.ts";
import type { Team } from "../consensus/team.ts";
import type {
	CreateSession,
	Problem,
	SendMessage,
	Session,
	SessionCreated,
	SessionListed,
	SessionPage,
	Steer,
	SteerAccepted,
	TeamList,
	TurnAccepted,
} from "./contract.ts";
import type { z } from "zod";
import type { BackendTested, PutKey, TestBackend } from "./key-schema.ts";
import type { Receipt } from "./receipt-schema.ts";
import type { Setup } from "./setup-schema.ts";
import type { CreateShare, Share, SharedSession, ShareList } from "./share-schema.ts";
import { sseMessages } from "./sse-messages.ts";
import type { TeamInput } from "./team-schema.ts";

/** What the server answered instead of what was asked for: RFC 9457's fields. */
export class ApiError extends Error {
	override readonly name = "ApiError";
	readonly problem: Problem;

	constructor(problem: Problem) {
		super(problem.detail);
		this.problem = problem;
	}
}

export type ClientDeps = {
	/** Where the API is, without `/v1`. */
	readonly baseUrl: string;
	/** Empty where only links are opened. */
	readonly key: string;
	readonly fetch: (request: Request) => Promise<Response>;
	/** Resolves after so many milliseconds, or at once when aborted. */
	readonly pause?: (ms: number, signal: AbortSignal | undefined) => Promise<void>;
};

export type Client = ReturnType<typeof makeClient>;

/** The typed client that every front end of ours goes through. Each call but `events` throws `ApiError` when refused. */
export function makeClient(deps: ClientDeps) {
	const at = (path: string) => `${deps.baseUrl.replace(/\/+$/, "")}/v1${path}`;
	// Taken off `deps`: the platform's own fetch refuses to be called as somebody's method.
	const { fetch } = deps;
	const ask: Ask = async <T>(method: string, path: string, sent: Sent = {}) =>
		answerOf<T>(await fetch(requestOf(deps.key, { method, url: at(path), ...sent })));
	const blob = async (path: string, headers: Record<string, string> = {}) => {
		const response = await fetch(requestOf(deps.key, { method: "GET", url: at(path), headers }));
		if (!response.ok) throw new ApiError(await problemOf(response));
		return response.blob();
	};
	return {
		createSession: (body: z.input<typeof CreateSession>, options: CreateOptions = {}) =>
			ask<SessionCreated>("POST", "/sessions", { body, headers: keyed(options) }),
		/** Creates a session and follows it from its first event on, in one request. The events want to be read. */
		followNew: async (
			body: z.input<typeof CreateSession>,
			options: CreateOptions & Pick<Following, "signal"> = {},
		) => {
			const { signal } = options;
			const headers = { accept: "text/event-stream, application/json", ...keyed(options) };
			const response = await fetch(
				requestOf(deps.key, { method: "POST", url: at("/sessions"), body, headers, signal }),
			);
			const streams = response.ok && isEventStream(response);
			// A server of an older release answers with the addresses alone.
			const id = streams ? idIn(response.headers.get("location")) : (await answerOf<SessionCreated>(response)).id;
			return { id, events: following(deps, { signal, url: at(session(id)), first: streams ? response : null }) };
		},
		session: (id: string) => ask<Session>("GET", session(id)),
		receipt: (id: string, page: { limit?: number; cursor?: string } = {}) =>
			ask<Receipt>("GET", `${session(id)}/receipt${queryOf(page)}`),
		counterfactuals: (id: string) => ask<Counterfactuals>("GET", `${session(id)}/counterfactuals`),
		sessions: (page: { limit?: number; cursor?: string; q?: string } = {}) =>
			ask<SessionPage>("GET", `/sessions${queryOf(page)}`),
		rename: (id: string, title: string) =>
			ask<z.output<typeof SessionListed>>("PATCH", session(id), { body: { title } }),
		remove: (id: string) => ask<void>("DELETE", session(id)),
		send: (id: string, message: string, more: Omit<z.input<typeof SendMessage>, "message"> = {}) =>
			ask<TurnAccepted>("POST", `${session(id)}/turns`, { body: { message, ...more } }),
		/** A file that an event names: its bytes, of its media type. */
		file: (id: string, file: string) => blob(`${session(id)}/files/${encodeURIComponent(file)}`),
		/** The session as a file. */
		exported: (id: string, format: "md" | "json") => blob(`${session(id)}/export${queryOf({ format })}`),
		sharedExport: (token: string, format: "md" | "json") => blob(`${shared(token)}/export${queryOf({ format })}`),
		steer: (id: string, command: z.input<typeof Steer>) =>
			ask<SteerAccepted>("POST", `${session(id)}/steer`, { body: command }),
		share: (id: string, body: z.input<typeof CreateShare> = {}) =>
			ask<Share>("POST", `${session(id)}/shares`, { body }),
		shares: (id: string) => ask<ShareList>("GET", `${session(id)}/shares`),
		unshare: (id: string, share: string) =>
			ask<void>("DELETE", `${session(id)}/shares/${encodeURIComponent(share)}`),
		/** What a link opens; needs no key. */
		shared: (token: string) => ask<SharedSession>("GET", shared(token)),
		/** The events of what a link opens; needs no key. */
		sharedEvents: (token: string, options: Following = {}) =>
			following(deps, { ...options, url: at(shared(token)) }),
		...settingUp(ask, blob),
		events: (id: string, options: Following = {}) => following(deps, { ...options, url: at(session(id)) }),
	};
}

type Ask = <T>(method: string, path: string, sent?: Sent) => Promise<T>;
type AskBlob = (path: string, headers?: Record<string, string>) => Promise<Blob>;

/** What is not of one session: teams, backends with their keys, and what the deployment has. */
function settingUp(ask: Ask, blob: AskBlob) {
	return {
		teams: () => ask<TeamList>("GET", "/teams"),
		team: (name: string) => ask<Team>("GET", team(name)),
		putTeam: (name: string, body: z.input<typeof TeamInput>) => ask<Team>("PUT", team(name), { body }),
		dropTeam: (name: string) => ask<void>("DELETE", team(name)),
		/** A team as a document that people may edit, and `putTeamYaml` takes. */
		teamYaml: async (name: string) => (await blob(team(name), { accept: "application/yaml" })).text(),
		putTeamYaml: (name: string, text: string) =>
			ask<Team>("PUT", team(name), { text, headers: { "content-type": "application/yaml" } }),
		teamSchema: () => ask<object>("GET", "/schemas/team"),
		setup: () => ask<Setup>("GET", "/setup"),
		backends: () => ask<BackendList>("GET", "/backends"),
		putKey: (backend: string, body: z.input<typeof PutKey>) =>
			ask<BackendList["backends"][number]>("PUT", `${backendAt(backend)}/key`, { body }),
		dropKey: (backend: string) => ask<void>("DELETE", `${backendAt(backend)}/key`),
		testBackend: (backend: string, body: z.input<typeof TestBackend> = {}) =>
			ask<BackendTested>("POST", `${backendAt(backend)}/test`, { body }),
	};
}

const session = (id: string) => `/sessions/${encodeURIComponent(id)}`;
const shared = (token: string) => `/shared/${encodeURIComponent(token)}`;
const backendAt = (name: string) => `/backends/${encodeURIComponent(name)}`;
const team = (name: string) => `/teams/${encodeURIComponent(name)}`;

export type Following = { readonly from?: number; readonly signal?: AbortSignal | undefined };

type CreateOptions = { readonly idempotencyKey?: string };

function keyed({ idempotencyKey }: CreateOptions): Record<string, string> {
	return idempotencyKey === undefined ? {} : { "idempotency-key": idempotencyKey };
}

/** The last part of a session's address. */
function idIn(location: string | null): string {
	const id = /\/v1\/sessions\/([^/?#]+)$/.exec(location ?? "")?.[1];
	if (id === undefined) throw new Error("the server did not say where the new session is");
	return decodeURIComponent(id);
}

function isEventStream({ headers }: Response): boolean {
	return headers.get("content-type")?.startsWith("text/event-stream") === true;
}

export const triesMax = 8;
const backoffMsMax = 10_000;
const backoffMsFirst = 250;

/**
 * The log from `from` on, across lost connections, each event once; ends when the server ends the stream of a session at
 * rest, or when aborted. Throws after `triesMax` connections in a row that brought nothing.
 */
async function* following(deps: ClientDeps, log: Log): Events {
	const { url, from, signal } = log;
	let { first = null } = log;
	const { fetch } = deps;
	const pause = deps.pause ?? paused;
	let place: Place = { last: null, failure: null, cut: false };
	for (let fruitless = 0; fruitless < triesMax; fruitless += 1) {
		if (fruitless > 0) await pause(Math.min(backoffMsFirst * 2 ** (fruitless - 1), backoffMsMax), signal);
		if (signal?.aborted === true) return;
		const before: Place = place;
		const where = placeOf(place.last, `${url}/events`, from);
		const opening = first ?? fetch(requestOf(deps.key, { method: "GET", ...where, signal }));
		first = null;
		place = yield* connected(opening, place.last);
		if (await isEnd(place, deps, log)) return;
		if (place.last !== before.last) fruitless = 0;
	}
	if (signal?.aborted !== true) throw place.failure;
}

/** A session's, by the session's own address. `first`: a connection that is there already. */
type Log = Following & { readonly url: string; readonly first?: Response | null };
type Events = AsyncGenerator<LoggedEvent, void, void>;
/** How far the log was read, and what ended the last connection. */
type Place = { readonly last: LoggedEvent | null; readonly failure: unknown; readonly cut: boolean };

/** Whether nothing follows: only a clean end says so, after a terminal event or of a session that rests. */
async function isEnd({ last, cut }: Place, deps: ClientDeps, log: Log): Promise<boolean> {
	if (cut) return false;
	if (last !== null && terminalEvents.has(last.type)) return true;
	const seen = last?.seq ?? (log.from ?? 1) - 1;
	return restsAt(seen, deps, log);
}

/** Whether the session rests with nothing in its log after `seen`; the events that were read do not tell. */
async function restsAt(seen: number, { key, fetch }: ClientDeps, { url, signal }: Log): Promise<boolean> {
	try {
		const { status, last_seq } = await answerOf<Session>(
			await fetch(requestOf(key, { method: "GET", url, signal })),
		);
		return status !== "running" && last_seq <= seen;
	} catch {
		// Why the session cannot be seen shows at the next connection, which knows what is worth another try.
		return false;
	}
}

function placeOf(last: LoggedEvent | null, url: string, from: number | undefined) {
	return last === null ? { url: url + queryOf({ from }) } : { url, headers: { "last-event-id": String(last.seq) } };
}

/** One connection's events. What asking again cannot mend is thrown; anything else is for the next connection. */
async function* connected(
	opening: Response | Promise<Response>,
	after: LoggedEvent | null,
): AsyncGenerator<LoggedEvent, Place, void> {
	let last = after;
	try {
		for await (const event of streamed(opening)) {
			if (last !== null && event.seq <= last.seq) continue;
			last = event;
			yield event;
		}
	} catch (failure) {
		if (isFinal(failure)) throw failure;
		return { last, failure, cut: true };
	}
	return { last, failure: new Error("the event stream ended before the session came to rest"), cut: false };
}

async function* streamed(opening: Response | Promise<Response>): Events {
	const response = await opening;
	if (!response.ok) throw new ApiError(await problemOf(response));
	if (response.body === null) return;
	for await (const { data } of sseMessages(response.body)) yield eventOf(data);
}

/** The server is ours and sends what the contract says; only the envelope is looked at. */
function eventOf(data: string): LoggedEvent {
	const parsed: unknown = JSON.parse(data);
	return parsed as LoggedEvent;
}

/** Our own refusals stay the same however often they are asked for; a busy server's or a network's do not. */
function isFinal(error: unknown): boolean {
	return error instanceof ApiError && error.problem.status < 500 && error.problem.status !== 429;
}

type Sent = {
	readonly body?: unknown;
	/** A body that is no JSON; its type is among the headers. */
	readonly text?: string;
	readonly headers?: Record<string, string>;
	readonly signal?: AbortSignal | undefined;
};

function requestOf(
	key: string,
	{ method, url, body, text, headers, signal }: Sent & { method: string; url: string },
): Request {
	const content = body === undefined ? text : JSON.stringify(body);
	const type = body === undefined ? {} : { "content-type": "application/json" };
	return new Request(url, {
		method,
		headers: { ...(key !== "" && { authorization: `Bearer ${key}` }), ...type, ...headers },
		...(content !== undefined && { body: content }),
		...(signal && { signal }),
	});
}

async function answerOf<T>(response: Response): Promise<T> {
	if (!response.ok) throw new ApiError(await problemOf(response));
	const parsed: unknown = response.status === 204 ? undefined : await response.json();
	return parsed as T;
}

/** Something between us and the server may answer in its own words; its status is then all there is. */
async function problemOf(response: Response): Promise<Problem> {
	if (response.headers.get("content-type")?.startsWith("application/problem+json")) {
		const parsed: unknown = await response.json();
		return parsed as Problem;
	}
	await response.body?.cancel();
	return {
		type: "about:blank",
		title: response.statusText,
		status: response.status,
		detail: `The server answered with status ${response.status}.`,
	};
}

function queryOf(query: Readonly<Record<string, string | number | undefined>>): string {
	const set = Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]));
	return set.length === 0 ? "" : `?${new URLSearchParams(set).toString()}`;
}

function paused(ms: number, signal: AbortSignal | undefined): Promise<void> {
	return new Promise((resolve) => {
		const timer = setTimeout(done, ms);
		signal?.addEventListener("abort", done, { once: true });
		function done() {
			clearTimeout(timer);
			signal?.removeEventListener("abort", done);
			resolve();
		}
	});
}
