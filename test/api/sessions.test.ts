import { expect, test } from "vitest";
import {
	type Sent,
	badInput,
	demoTeam,
	autoTeam,
	makeApi,
	refusedWith,
	send,
	sendRaw,
	startMs,
	teamOf,
} from "../support/api.ts";

const at = new Date(startMs).toISOString();
const urls = (id: string, base = "http://localhost") => ({
	url: `${base}/v1/sessions/${id}`,
	events_url: `${base}/v1/sessions/${id}/events`,
});
const created = (id: string) => ({ status: 202, body: { id, status: "running", ...urls(id) } });
const listed = (id: string, more: object = {}) => ({
	id,
	title: "Why?",
	team: "demo",
	status: "running",
	created_at: at,
	updated_at: at,
	...more,
});
const question = { question: "Why?" };
const missing = refusedWith(404, "There is no session `s1`.");

test("a session is asked of the team as it was resolved, answered with its addresses, and listed", async () => {
	const api = makeApi();
	const agent = { id: "a", backend: "demo", model: "m" };
	const body = {
		question: "  Why\n is   it? ",
		team: { agents: [agent], preset: "quick", protocol: { agree: 0.5 }, limits: { retries: 0 } },
	};
	const response = await sendRaw(api, "/v1/sessions", { body });
	expect([response.status, response.headers.get("location"), await response.json()]).toEqual([
		202,
		urls("s1").url,
		created("s1").body,
	]);
	expect(api.sessions.opened()).toEqual([
		{
			id: "s1",
			question: "  Why\n is   it? ",
			messages: [],
			steered: [],
			team: teamOf({ ...body.team, name: "inline" }),
		},
	]);
	expect(await send(api, "/v1/sessions")).toEqual({
		status: 200,
		body: { sessions: [listed("s1", { title: "Why is it?", team: "inline" })], cursor: null },
	});
});

test("what a team leaves out is filled in: defaults, then the preset, then its own keys", () => {
	expect(
		teamOf({
			agents: [{ id: "a", backend: "b", model: "m" }],
			preset: "quick",
			protocol: { stop: "settled" },
			limits: { retries: 0 },
		}),
	).toEqual({
		name: "inline",
		description: "",
		preset: "quick",
		agents: [
			{ id: "a", backend: "b", model: "m", system: "", params: {}, tools: [], resume: true, fallback: null },
		],
		protocol: {
			start: "sealed",
			invalidation: "all",
			stop: "settled",
			agree: 0.75,
			novelty: "balanced",
			identities: "hidden",
			tally: "hidden",
			final: "reuse",
			attempts_max: 1,
			quorum: null,
			judge: null,
		},
		limits: {
			answers_per_agent: 1,
			answers_per_attempt: 12,
			rounds_per_agent: 6,
			enforcement_max: 2,
			tool_calls_per_round: 40,
			output_tokens_per_call: 16_000,
			first_byte_seconds: 60,
			stall_seconds: 60,
			seal_seconds: 60,
			round_seconds: 300,
			turn_seconds: 900,
			retries: 0,
		},
		budget: { usd: null, tokens: null, calls: null },
	});
});

test("PUBLIC_URL is where a session is to be found", async () => {
	const api = makeApi({ publicUrl: "https://massgen.example/" });
	expect(await send(api, "/v1/sessions", { body: question })).toEqual({
		status: 202,
		body: { id: "s1", status: "running", ...urls("s1", "https://massgen.example") },
	});
});

const sixteen = Array.from({ length: 16 }, (_, seat) => ({ id: `a${seat}`, backend: "demo", model: "m" }));
test.each<[string, unknown]>([
	["a question of 200,000 characters", { question: "x".repeat(200_000) }],
	["sixteen agents", { ...question, team: { agents: sixteen } }],
	["an id of 32 characters", { ...question, team: { agents: [{ ...sixteen[0], id: "a".repeat(32) }] } }],
	[
		"every limit at its maximum",
		{
			...question,
			team: {
				agents: sixteen,
				limits: { answers_per_agent: 10, rounds_per_agent: 40, turn_seconds: 7200, retries: 10 },
			},
		},
	],
	["the thorough preset", { ...question, team: { agents: sixteen, preset: "thorough" } }],
	["as many attempts as there may be", { ...question, team: { agents: sixteen, protocol: { attempts_max: 10 } } }],
	[
		"a quorum of all, agreement of all",
		{ ...question, team: { agents: sixteen, protocol: { quorum: 16, agree: 1 } } },
	],
	["caps on tokens and calls", { ...question, team: { agents: sixteen, budget: { tokens: 1, calls: 1 } } }],
])("a session may have %s", async (_, body) => {
	expect(await send(makeApi(), "/v1/sessions", { body })).toEqual(created("s1"));
});

test.each<[string, string[], boolean, string]>([
	["`default` where it is stored", ["default"], true, "default"],
	["else `auto` where a key is set", ["other"], true, "auto"],
	["else `demo`", ["other"], false, "demo"],
])("unnamed, the team is %s", async (_, stored, keyed, expected) => {
	const api = makeApi({ builtInTeams: () => (keyed ? [demoTeam, autoTeam] : [demoTeam]) });
	for (const name of stored)
		await send(api, `/v1/teams/${name}`, {
			method: "PUT",
			body: { agents: [{ id: "a", backend: "demo", model: "m" }] },
		});
	await send(api, "/v1/sessions", { body: question });
	expect(api.sessions.opened().map(({ team }) => team.name)).toEqual([expected]);
});

test("a stored team whose key has gone is refused before anything starts", async () => {
	const api = makeApi();
	await api.deps
		.tenant()
		.putTeam("old", teamOf({ name: "old", agents: [{ id: "a", backend: "anthropic", model: "m" }] }));
	expect(await send(api, "/v1/sessions", { body: { ...question, team: "old" } })).toEqual(
		badInput({ path: "team.agents.0.backend", message: "set ANTHROPIC_API_KEY" }),
	);
	expect(api.sessions.opened()).toEqual([]);
});

test("titles are the question's first 80 characters, on one line, no character cut", async () => {
	const api = makeApi();
	for (const asked of ["😀".repeat(90), `a\u0000b\r\n\tc ${"x".repeat(100)}`, "\u0000"])
		await send(api, "/v1/sessions", { body: { question: asked } });
	const { sessions } = await api.deps.tenant().list({ limit: 10, cursor: null });
	expect(sessions.map(({ title }) => title)).toEqual(["Untitled", `a b c ${"x".repeat(74)}`, "😀".repeat(80)]);
});

test("the list is newest first and goes on at the cursor", async () => {
	const api = makeApi();
	for (let count = 0; count < 3; count += 1) await send(api, "/v1/sessions", { body: question });
	expect(await send(api, "/v1/sessions?limit=2")).toEqual({
		status: 200,
		body: { sessions: [listed("s3"), listed("s2")], cursor: "2" },
	});
	expect(await send(api, "/v1/sessions?limit=2&cursor=2")).toEqual({
		status: 200,
		body: { sessions: [listed("s1")], cursor: null },
	});
	expect(await send(api, "/v1/sessions?limit=3")).toEqual({
		status: 200,
		body: { sessions: [listed("s3"), listed("s2"), listed("s1")], cursor: null },
	});
});

test("the list can be searched by title", async () => {
	const api = makeApi();
	for (const asked of ["Why Paris?", "Why Rome?"]) await send(api, "/v1/sessions", { body: { question: asked } });
	expect(await send(api, "/v1/sessions?q=PARIS")).toEqual({
		status: 200,
		body: { sessions: [listed("s1", { title: "Why Paris?" })], cursor: null },
	});
	expect([
		await send(api, "/v1/sessions?q=%20"),
		(await send(api, `/v1/sessions?q=${"x".repeat(200)}`)).status,
	]).toEqual([badInput({ path: "q", message: "must not be empty" }), 200]);
	expect(await send(api, `/v1/sessions?q=${"x".repeat(201)}`)).toEqual(
		badInput({ path: "q", message: "must be at most 200 characters" }),
	);
});

test("a session is shown, renamed, and deleted for good", async () => {
	const api = makeApi();
	await send(api, "/v1/sessions", { body: question });
	const turn = {
		question: "Why?",
		status: "running",
		answer: null,
		consensus: null,
		agreement: null,
		winner: null,
		tally: [],
		votes: [],
		dissent: null,
		attempts: 1,
		reasons: [],
	};
	const shown = {
		id: "s1",
		status: "running",
		waiting_for: null,
		team: demoTeam,
		turns: [turn],
		queued: [],
		usage: { input: 0, output: 0, cached: 0, reasoning: 0, written: 0 },
		cache: { share: null, saved_usd: 0 },
		cost_usd: 0,
		last_seq: 2,
		calls: [],
		pace: { waiting_for_headers: { max: 6, taken: 0, queued: 0 }, hosts: [] },
		title: "Why?",
		created_at: at,
	};
	expect(await send(api, "/v1/sessions/s1")).toEqual({ status: 200, body: shown });
	api.clock.nowMs += 1000;
	const renamed = listed("s1", { title: "Because", updated_at: new Date(startMs + 1000).toISOString() });
	expect(await send(api, "/v1/sessions/s1", { method: "PATCH", body: { title: " Because " } })).toEqual({
		status: 200,
		body: renamed,
	});
	expect(await send(api, "/v1/sessions/s1", { method: "DELETE" })).toEqual({ status: 204, body: "" });
	expect(api.sessions.opened()).toEqual([]);
	expect(await send(api, "/v1/sessions/s1")).toEqual(missing);
});

test.each<[string, Sent]>([
	["/v1/sessions/s1", {}],
	["/v1/sessions/s1", { method: "PATCH", body: { title: "t" } }],
	["/v1/sessions/s1", { method: "DELETE" }],
	["/v1/sessions/s1/events", {}],
	["/v1/sessions/s1/turns", { body: { message: "m" } }],
	["/v1/sessions/s1/steer", { body: { action: "cancel" } }],
])("%s of a session nobody made is 404 and touches no object %#", async (path, sent) => {
	const api = makeApi({ session: () => expect.unreachable("only known sessions are reached") });
	expect(await send(api, path, sent)).toEqual(missing);
});

test("an id that none of ours can be is 404 without being looked up", async () => {
	const api = makeApi({ tenant: () => expect.unreachable("not looked up") });
	expect(await send(api, "/v1/sessions/..%2fx")).toEqual(refusedWith(404, "There is no session `../x`."));
});

const aborted = async () => Promise.reject(new Error("This session was deleted."));
test.each<[string, (api: ReturnType<typeof makeApi>) => Promise<void>, object, number]>([
	[
		"that goes away without an answer is deleted",
		async (api) => api.sessions.session("s1").destroy(),
		{ status: 204, body: "" },
		0,
	],
	[
		"that is still there after a fault is kept",
		async () => undefined,
		refusedWith(500, "Something failed on our side; the request may be sent again."),
		1,
	],
])("a session %s", async (_, destroy, expected, left) => {
	const inner = makeApi();
	const session = (id: string) => ({ ...inner.deps.session(id), destroy: async () => destroy(inner).then(aborted) });
	const api = makeApi({ session });
	await send(api, "/v1/sessions", { body: question });
	expect(await send(api, "/v1/sessions/s1", { method: "DELETE" })).toEqual(expected);
	expect((await api.deps.tenant().list({ limit: 10, cursor: null })).sessions).toHaveLength(left);
});
