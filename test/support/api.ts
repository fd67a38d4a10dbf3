import type { Hono } from "hono";
import { makeApp } from "../../src/api/app.ts";
import type { AppDeps } from "../../src/api/deps.ts";
import { makeRecentSessions } from "../../src/api/recent-sessions.ts";
import { filledTeam } from "../../src/api/team.ts";
import { TeamInput } from "../../src/api/team-schema.ts";
import type { Team } from "../../src/consensus/team.ts";
import { type MemorySessions, memorySessions, memoryTenant } from "./memory-objects.ts";

export const apiKey = "the-key-of-this-test";
export const startMs = Date.UTC(2026, 0, 2, 3, 4, 5);

/** A team as the contract has it, with every default filled in. */
export function teamOf(input: unknown): Team {
	return filledTeam(TeamInput.parse(input));
}

export const demoTeam = teamOf({ name: "demo", agents: [{ id: "one", backend: "demo", model: "demo" }] });
export const autoTeam = teamOf({ name: "auto", agents: [{ id: "openai", backend: "openai", model: "gpt" }] });

const keyNeeded = { anthropic: "ANTHROPIC_API_KEY" } as Readonly<Record<string, string>>;

export type Api = {
	readonly app: Hono;
	readonly deps: AppDeps;
	readonly sessions: MemorySessions;
	readonly clock: { nowMs: number };
	readonly crashes: Error[];
};

/** The API over objects in memory: backends `demo` and `openai` are ready, `anthropic` lacks its key, only `demo` is priced; ids count up. */
export function makeApi(change: Partial<AppDeps> = {}, serve?: Parameters<typeof memorySessions>[0]): Api {
	const clock = { nowMs: startMs };
	const sessions = memorySessions(serve);
	// Only where none is brought along: the Workers runtime has no such database.
	const tenant = change.tenant ?? always(memoryTenant(clock));
	const crashes: Error[] = [];
	let ids = 0;
	const deps: AppDeps = {
		adminKey: apiKey,
		publicUrl: null,
		version: "1.2.3",
		tenant,
		session: sessions.session,
		backends: {
			problem: ({ backend }) =>
				keyNeeded[backend] === undefined ? null : { path: "backend", message: `set ${keyNeeded[backend]}` },
			priced: ({ backend }) => backend === "demo",
			keyed: () => [{ backend: "openai", model: "gpt" }],
			names: () => ["demo", "openai", "anthropic"],
			serverTools: ["web_search", "code_execution"],
			about: () => null,
		},
		keys: {
			refreshed: async () => {},
			source: (backend) => (backend === "openai" ? "setting" : "none"),
			address: () => "host",
			sealed: async (backend, key) => `sealed ${backend} ${JSON.stringify(key)}`,
		},
		tried: async ({ model }) => ({ ok: true, latency_ms: 1, model, detail: "it answered" }),
		setupChecks: [],
		builtInTeams: () => [demoTeam],
		recent: makeRecentSessions(),
		newId: () => `s${(ids += 1)}`,
		now: () => clock.nowMs,
		crashed: (error) => void crashes.push(error),
		...change,
	};
	return { app: makeApp(deps), deps, sessions, clock, crashes };
}

function always<T>(value: T): () => T {
	return () => value;
}

export type Sent = {
	readonly method?: string;
	readonly body?: unknown;
	readonly raw?: BodyInit;
	readonly headers?: Readonly<Record<string, string>>;
};
export type Got = { readonly status: number; readonly body: unknown };

/** Sends with the right key; the answer's body is parsed when it is JSON of any kind. */
export async function send(api: Api, path: string, sent: Sent = {}): Promise<Got> {
	const response = await sendRaw(api, path, sent);
	const text = await response.text();
	const type = response.headers.get("content-type") ?? "";
	return { status: response.status, body: /json/.test(type) ? (JSON.parse(text) as unknown) : text };
}

export async function sendRaw(api: Api, path: string, { method, body, raw, headers }: Sent = {}): Promise<Response> {
	const content = raw ?? (body === undefined ? undefined : JSON.stringify(body));
	return api.app.request(path, {
		method: method ?? (content === undefined ? "GET" : "POST"),
		headers: { authorization: `Bearer ${api.deps.adminKey ?? "none"}`, ...headers },
		...(content !== undefined && { body: content }),
	});
}

/** A 400 as the API words it: the first error is also the detail. */
export function badInput(...errors: readonly { path: string; message: string }[]): Got {
	const [first] = errors;
	const sentence =
		first === undefined ? "" : first.path === "" ? `The body ${first.message}.` : `${first.path}: ${first.message}`;
	const detail = errors.length > 1 ? `${sentence} (and ${errors.length - 1} more)` : sentence;
	return { status: 400, body: { type: "about:blank", title: "Bad Request", status: 400, detail, errors } };
}

const titles: Readonly<Record<number, string>> = {
	400: "Bad Request",
	401: "Unauthorized",
	404: "Not Found",
	405: "Method Not Allowed",
	409: "Conflict",
	413: "Content Too Large",
	422: "Unprocessable Content",
	500: "Internal Server Error",
	503: "Service Unavailable",
};

/** Any other problem. */
export function refusedWith(status: number, detail: string): Got {
	return { status, body: { type: "about:blank", title: titles[status], status, detail } };
}
