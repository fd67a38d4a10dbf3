import { expect, test } from "vitest";
import { type Sent, autoTeam, badInput, demoTeam, makeApi, refusedWith, send, teamOf } from "../support/api.ts";

const agent = { id: "a", backend: "demo", model: "m" };
const put = (body: unknown): Sent => ({ method: "PUT", body });
const nameRule = "must be 1 to 64 letters, digits, dots, dashes or underscores, and start with a letter or digit";

test("a team is stored whole, shown, listed before the built-in ones, replaced and deleted", async () => {
	const api = makeApi();
	const trio = teamOf({ name: "trio", agents: [agent] });
	expect(await send(api, "/v1/teams/trio", put({ agents: [agent] }))).toEqual({ status: 200, body: trio });
	expect(await send(api, "/v1/teams/trio")).toEqual({ status: 200, body: trio });
	expect(await send(api, "/v1/teams")).toEqual({
		status: 200,
		body: { teams: [trio, demoTeam], built_in: ["demo"] },
	});
	const other = teamOf({ name: "trio", description: "other", agents: [agent] });
	expect(await send(api, "/v1/teams/trio", put({ name: "trio", description: "other", agents: [agent] }))).toEqual({
		status: 200,
		body: other,
	});
	expect(await send(api, "/v1/teams/trio")).toEqual({ status: 200, body: other });
	expect(await send(api, "/v1/teams/trio", { method: "DELETE" })).toEqual({ status: 204, body: "" });
	expect(await send(api, "/v1/teams/trio")).toEqual(refusedWith(404, "There is no team `trio`. Known: demo"));
});

test("a team may have fallbacks and tools of providers", async () => {
	const api = makeApi();
	const spares = [
		{ backend: "openai", model: "m" },
		{ backend: "demo", model: "n", params: { effort: "low" } },
	];
	const agents = spares.map((fallback, i) => ({ ...agent, id: `a${i}`, fallback, tools: ["code_execution"] }));
	const { status, body } = await send(api, "/v1/teams/spared", put({ agents }));
	expect({ status, body }).toEqual({ status: 200, body: teamOf({ name: "spared", agents }) });
	expect(await send(api, "/v1/teams/spared", put(body))).toEqual({ status, body });
});

test("what a team is shown as can be put again", async () => {
	const api = makeApi({ builtInTeams: () => [demoTeam, autoTeam] });
	const { body } = await send(api, "/v1/teams/auto");
	expect(await send(api, "/v1/teams/mine", put({ ...(body as object), name: "mine" }))).toEqual({
		status: 200,
		body: { ...autoTeam, name: "mine" },
	});
});

test.each<[string, string, unknown, object]>([
	[
		"another name in the body",
		"trio",
		{ name: "duo", agents: [agent] },
		badInput({ path: "name", message: "must be `trio`, as in the path, or left out" }),
	],
	[
		"the name of a built-in team",
		"auto",
		{ agents: [agent] },
		badInput({ path: "name", message: "`auto` is a built-in team; choose another name" }),
	],
	["a name of an example", "@examples%2Ftrio", { agents: [agent] }, badInput({ path: "name", message: nameRule })],
	["a name of 65 characters", "n".repeat(65), { agents: [agent] }, badInput({ path: "name", message: nameRule })],
	[
		"a missing key",
		"trio",
		{ agents: [{ ...agent, backend: "anthropic" }] },
		badInput({ path: "agents.0.backend", message: "set ANTHROPIC_API_KEY" }),
	],
	[
		"a mistyped key",
		"trio",
		{ agents: [agent], bugdet: {} },
		badInput({ path: "bugdet", message: "unknown key; did you mean `budget`?" }),
	],
	["a text", "trio", "trio", badInput({ path: "", message: "must be an object" })],
	[
		"a body over 128 KiB",
		"trio",
		{ agents: [agent], description: "x".repeat(131_072) },
		refusedWith(413, "The body is larger than 131072 bytes."),
	],
])("a team is refused for %s, and nothing is stored", async (_, name, body, expected) => {
	const api = makeApi();
	expect(await send(api, `/v1/teams/${name}`, put(body))).toEqual(expected);
	expect(await api.deps.tenant().teams()).toEqual([]);
});

test("there may be 200 teams; the next is a conflict, replacing one is not", async () => {
	const api = makeApi();
	const put200 = Array.from({ length: 200 }, (_, at) => send(api, `/v1/teams/t${at}`, put({ agents: [agent] })));
	expect((await Promise.all(put200)).filter(({ status }) => status !== 200)).toEqual([]);
	expect(await send(api, "/v1/teams/one-more", put({ agents: [agent] }))).toEqual(
		refusedWith(409, "There are already 200 teams, as many as there may be. Delete one first."),
	);
	expect((await send(api, "/v1/teams/t7", put({ agents: [agent] }))).status).toBe(200);
});

test.each<[string, string, object]>([
	["an unknown one", "trio", refusedWith(404, "There is no team `trio`. Known: demo")],
	["a built-in one", "demo", refusedWith(409, "`demo` is a built-in team and cannot be deleted.")],
])("deleting %s is refused", async (_, name, expected) => {
	expect(await send(makeApi(), `/v1/teams/${name}`, { method: "DELETE" })).toEqual(expected);
});

test("backends say whether they are ready and what they lack", async () => {
	expect(await send(makeApi(), "/v1/backends")).toEqual({
		status: 200,
		body: {
			backends: [
				{ name: "demo", ready: true, model: null, why: null, key: "none" },
				{ name: "openai", ready: true, model: "gpt", why: null, key: "setting" },
				{ name: "anthropic", ready: false, model: null, why: "set ANTHROPIC_API_KEY", key: "none" },
			],
		},
	});
});
