import { expect, test } from "vitest";
import { shareSeconds } from "../../src/api/share-schema.ts";
import { digestOf } from "../../src/api/fingerprint.ts";
import { type Api, badInput, makeApi, refusedWith, send, sendRaw, startMs, teamOf } from "../support/api.ts";

const at = (ms: number) => new Date(startMs + ms).toISOString();
const nothing = refusedWith(404, "Nothing is shared here, or not any more. Ask for a new link where you got this one.");
const noSession = refusedWith(404, "There is no session `none`.");
const full = "There are already 20 links to this session, as many as there may be. End one first.";
const without = { headers: { authorization: "" } };

const team = teamOf({
	name: "secretive",
	description: "for the board",
	agents: [
		{
			id: "a",
			backend: "demo",
			model: "m",
			system: "be brief",
			params: { base_url: "https://internal.example" },
			tools: ["web_search"],
			resume: false,
			fallback: { backend: "openai", model: "n", params: { user: "me" } },
		},
	],
	protocol: { judge: { backend: "openai", model: "j", params: { user: "me" } } },
	budget: { calls: 7 },
});

async function asked(api: Api): Promise<string> {
	const { agents, protocol, budget, description } = team;
	const { judge } = protocol;
	const body = { question: "Why?", team: { name: "secretive", description, agents, protocol: { judge }, budget } };
	const { body: made } = await send(api, "/v1/sessions", { body });
	return (made as { id: string }).id;
}

/** A session with one link to it. */
async function linked(body?: object): Promise<{ api: Api; id: string; token: string }> {
	const api = makeApi({}, serveVisits);
	const id = await asked(api);
	const made = await send(api, `/v1/sessions/${id}/shares`, { method: "POST", ...(body && { body }) });
	return { api, id, token: (made.body as { token: string }).token };
}

/** What the session's object was asked, and by whose link. */
function serveVisits(id: string, request: Request): Response {
	const { searchParams } = new URL(request.url);
	const told = [
		id,
		request.headers.get("massgen-share"),
		searchParams.get("from"),
		request.headers.get("last-event-id"),
	];
	return new Response(JSON.stringify(told), { headers: { "massgen-shared": "yes" } });
}

test("a link is made, shown once with its token, listed without it, and ended", async () => {
	const api = makeApi({ publicUrl: "https://massgen.example/" });
	const id = await asked(api);
	const share = { id: "1", created_at: at(0), expires_at: at(shareSeconds.default * 1000) };
	expect(await send(api, `/v1/sessions/${id}/shares`, { method: "POST" })).toEqual({
		status: 201,
		body: { ...share, token: "s2s3", url: "https://massgen.example/share/s2s3" },
	});
	expect(await send(api, `/v1/sessions/${id}/shares`)).toEqual({ status: 200, body: { shares: [share] } });
	expect(await send(api, `/v1/sessions/${id}/shares/1`, { method: "DELETE" })).toEqual({ status: 204, body: "" });
	expect(await send(api, `/v1/sessions/${id}/shares`)).toEqual({ status: 200, body: { shares: [] } });
	expect(api.sessions.opened()[0]?.ended).toEqual(["1"]);
});

test("ending a link that is gone lets its visitors go all the same", async () => {
	const { api, id } = await linked();
	for (const _ of [1, 2]) await send(api, `/v1/sessions/${id}/shares/1`, { method: "DELETE" });
	expect(api.sessions.opened()[0]?.ended).toEqual(["1", "1"]);
	const other = (share: string) => send(api, `/v1/sessions/${id}/shares/${share}`, { method: "DELETE" });
	const gone = (share: string) => refusedWith(404, `There is no link \`${share}\` to this session, or not any more.`);
	expect([await other("7"), await other("x")]).toEqual([gone("7"), gone("x")]);
	// A link that is made later may get this id.
	expect(api.sessions.opened()[0]?.ended).toEqual(["1", "1"]);
});

test("a session that is deleted while a link is made for it has none", async () => {
	const { api, id } = await linked();
	const tenant = api.deps.tenant();
	const row: typeof tenant.row = async (session) => {
		const found = await tenant.row(session);
		await tenant.forget(session);
		return found;
	};
	const raced = makeApi({ tenant: () => ({ ...tenant, row }) });
	const made = await send(raced, `/v1/sessions/${id}/shares`, { method: "POST" });
	expect(made).toEqual(refusedWith(404, `There is no session \`${id}\`.`));
	expect(await tenant.shares(id)).toEqual([]);
});

test("a link of one session is not ended by way of another", async () => {
	const { api, token } = await linked();
	const other = await asked(api);
	expect((await send(api, `/v1/sessions/${other}/shares/1`, { method: "DELETE" })).status).toBe(404);
	expect((await send(api, `/v1/shared/${token}`, without)).status).toBe(200);
});

test("of a token nothing but its digest is kept", async () => {
	const { api, token } = await linked();
	expect([
		await api.deps.tenant().shared(token),
		(await api.deps.tenant().shared(await digestOf(token)))?.id,
	]).toEqual([null, "s1"]);
});

test("a token is two ids' worth of chance", async () => {
	const api = makeApi({ newId: () => "0f8fad5b-d9cb-469f-a165-70867728950e" });
	const id = await asked(api);
	const { body } = await send(api, `/v1/sessions/${id}/shares`, { method: "POST" });
	expect((body as { token: string }).token).toBe("0f8fad5bd9cb469fa16570867728950e".repeat(2));
});

test("who has the link sees the session without what is its owner's alone", async () => {
	const { api, id, token } = await linked();
	const owned = (await send(api, `/v1/sessions/${id}`)).body as Record<string, unknown>;
	const { calls: _calls, pace: _pace, ...rest } = owned;
	const agent = { id: "a", backend: "demo", model: "m", system: "", params: {}, tools: [], resume: true };
	const bare = (model: string) => ({ backend: "openai", model, params: {} });
	const shown = {
		...team,
		description: "",
		agents: [{ ...agent, fallback: bare("n") }],
		protocol: { ...team.protocol, judge: bare("j") },
		budget: { usd: null, tokens: null, calls: null },
	};
	expect(await send(api, `/v1/shared/${token}`, without)).toEqual({
		status: 200,
		body: { ...rest, team: shown, expires_at: at(shareSeconds.default * 1000) },
	});
});

test("what a provider said of a failure is the owner's alone", async () => {
	const { api, token } = await linked();
	const summary = await api.deps.session("s1").summary();
	const reasons = [{ agent: team.agents[0]!.id, code: "auth", message: "organization org-1 has no access" }];
	const session = (id: string) => ({
		...api.deps.session(id),
		summary: async () => summary && { ...summary, turns: summary.turns.map((turn) => ({ ...turn, reasons })) },
	});
	const tenant = api.deps.tenant();
	const { body } = await send(makeApi({ session, tenant: () => tenant }), `/v1/shared/${token}`, without);
	expect((body as { turns: { reasons: unknown }[] }).turns[0]?.reasons).toEqual([
		{ agent: "a", code: "auth", message: "" },
	]);
});

test.each<[string, string, Record<string, string>, unknown[]]>([
	["from its first event on", "", {}, [null, null]],
	["from any event on", "?from=7", {}, ["7", null]],
	["behind the last one it had", "", { "last-event-id": "9" }, [null, "9"]],
])("a visitor is given the events %s, and may stay a quarter of an hour", async (_, query, headers, place) => {
	const { api, id, token } = await linked();
	const got = await sendRaw(api, `/v1/shared/${token}/events${query}`, {
		headers: { authorization: "", ...headers },
	});
	expect(await got.json()).toEqual([id, `1 ${startMs + 15 * 60_000}`, ...place]);
});

test("a visitor may not stay longer than the link holds", async () => {
	const { api, id, token } = await linked({ expires_in_seconds: 60 });
	const got = await sendRaw(api, `/v1/shared/${token}/events`, without);
	expect(await got.json()).toEqual([id, `1 ${startMs + 60_000}`, null, null]);
});

test("the owner is no visitor, whatever the request says", async () => {
	const { api, id } = await linked();
	const got = await sendRaw(api, `/v1/sessions/${id}/events`, { headers: { "massgen-share": "1 9" } });
	expect(await got.json()).toEqual([id, null, null, null]);
});

const outdated = "The session cannot be shown to guests at the moment. Try again a little later.";
test.each<[string, Response, number, string]>([
	["an object that does not say that it left things out", new Response("data: everything"), 503, outdated],
	[
		"an object that has no room",
		new Response("full", { status: 503, headers: { "massgen-shared": "yes" } }),
		503,
		"full",
	],
	[
		"an object that knows better",
		new Response("ended", { status: 404, headers: { "massgen-shared": "yes" } }),
		404,
		"",
	],
	["an object that is empty", new Response("There is no such session.", { status: 404 }), 404, ""],
])("nothing of what is answered by %s goes out", async (_, answer, status, detail) => {
	const api = makeApi({}, () => answer);
	const id = await asked(api);
	const { body } = await send(api, `/v1/sessions/${id}/shares`, { method: "POST" });
	const got = await send(api, `/v1/shared/${(body as { token: string }).token}/events`, without);
	expect(got).toEqual(status === 404 ? nothing : refusedWith(503, detail));
});

test.each<[string, (made: Awaited<ReturnType<typeof linked>>) => Promise<string> | string]>([
	["was never given", () => "0".repeat(64)],
	["is no token at all", () => "%00' OR 1=1"],
	["is endless", () => "x".repeat(5000)],
	["has expired", ({ api, token }) => ((api.clock.nowMs += shareSeconds.default * 1000), token)],
	[
		"was ended",
		async ({ api, id, token }) => {
			await send(api, `/v1/sessions/${id}/shares/1`, { method: "DELETE" });
			return token;
		},
	],
	[
		"led to a session that is deleted",
		async ({ api, id, token }) => {
			await send(api, `/v1/sessions/${id}`, { method: "DELETE" });
			return token;
		},
	],
])("a token that %s opens nothing, and looks like any other", async (_, tokenOf) => {
	const made = await linked();
	const token = encodeURIComponent(await tokenOf(made));
	expect([
		await send(made.api, `/v1/shared/${token}`, without),
		await send(made.api, `/v1/shared/${token}/events`, without),
	]).toEqual([nothing, nothing]);
});

test("a link opens until its last millisecond; one without an end stays open", async () => {
	const { api, id, token } = await linked({ expires_in_seconds: 60 });
	const ever = await send(api, `/v1/sessions/${id}/shares`, { body: { expires_in_seconds: null } });
	const { token: open, expires_at } = ever.body as { token: string; expires_at: null };
	const statuses = async () =>
		Promise.all([token, open].map(async (each) => (await send(api, `/v1/shared/${each}`, without)).status));
	api.clock.nowMs += 59_999;
	expect([await statuses(), expires_at]).toEqual([[200, 200], null]);
	api.clock.nowMs += 1;
	expect(await statuses()).toEqual([404, 200]);
	const { body } = await send(api, `/v1/sessions/${id}/shares`);
	expect((body as { shares: { id: string }[] }).shares.map((share) => share.id)).toEqual(["2"]);
});

test("twenty links to a session are taken, one more is a conflict, and one that expired makes room", async () => {
	const { api, id } = await linked({ expires_in_seconds: 60 });
	const more = async () => send(api, `/v1/sessions/${id}/shares`, { method: "POST" });
	for (let count = 1; count < 20; count += 1) expect((await more()).status).toBe(201);
	expect(await more()).toEqual(refusedWith(409, full));
	const other = await asked(api);
	expect((await send(api, `/v1/sessions/${other}/shares`, { method: "POST" })).status).toBe(201);
	api.clock.nowMs += 60_000;
	expect([(await more()).status, (await more()).status]).toEqual([201, 409]);
});

const path = "expires_in_seconds";
test.each<[number | string, object]>([
	[59, badInput({ path, message: "must be at least 60" })],
	[60, { status: 201 }],
	[31_536_000, { status: 201 }],
	[31_536_001, badInput({ path, message: "must be at most 31536000" })],
	["1", badInput({ path, message: "must be a number" })],
])("a link of %j seconds", async (seconds, expected) => {
	const api = makeApi();
	const id = await asked(api);
	expect(await send(api, `/v1/sessions/${id}/shares`, { body: { expires_in_seconds: seconds } })).toMatchObject(
		expected,
	);
});

test("links of a session that is not there", async () => {
	const api = makeApi();
	expect([
		await send(api, "/v1/sessions/none/shares"),
		await send(api, "/v1/sessions/none/shares", { method: "POST" }),
		await send(api, "/v1/sessions/none/shares/1", { method: "DELETE" }),
	]).toEqual([noSession, noSession, noSession]);
});

test("a server without a key opens nothing", async () => {
	const { api, token } = await linked();
	const tenant = api.deps.tenant();
	const keyless = makeApi({ adminKey: null, tenant: () => tenant });
	expect((await send(keyless, `/v1/shared/${token}`, without)).status).toBe(503);
});

test("only reading is served without a key", async () => {
	const { api, token } = await linked();
	const tried = ["PATCH", "DELETE", "POST"].map(async (method) =>
		send(api, `/v1/shared/${token}`, { ...without, method }),
	);
	const deeper = ["files/f1", "turns", "receipt"].map(async (part) =>
		send(api, `/v1/shared/${token}/${part}`, without),
	);
	const statuses = [...(await Promise.all(tried)), ...(await Promise.all(deeper))].map(({ status }) => status);
	expect(statuses).toEqual([405, 405, 405, 401, 401, 401]);
});
