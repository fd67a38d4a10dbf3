import { expect, test } from "vitest";
import { badInput, makeApi, refusedWith, send } from "../support/api.ts";

const agent = { id: "a", backend: "demo", model: "m" };
const agents = (count: number) => Array.from({ length: count }, (_, at) => ({ ...agent, id: `a${at}` }));
const asking = (team: unknown) => ({ question: "Why?", team });
const teamWith = (more: object) => asking({ name: "t", agents: [agent], ...more });
const agentWith = (more: object) => asking({ agents: [{ ...agent, ...more }] });

test.each<[string, unknown, readonly { path: string; message: string }[]]>([
	["a list instead of an object", [], [{ path: "", message: "must be an object" }]],
	["null", null, [{ path: "", message: "must be an object" }]],
	["nothing in it", {}, [{ path: "question", message: "is required" }]],
	["a question that is no string", { question: 5 }, [{ path: "question", message: "must be a string" }]],
	["an empty question", { question: "" }, [{ path: "question", message: "must not be empty" }]],
	["a blank question", { question: " \n\t" }, [{ path: "question", message: "must not be empty" }]],
	[
		"a question over its maximum",
		{ question: "x".repeat(200_001) },
		[{ path: "question", message: "must be at most 200000 characters" }],
	],
	[
		"an unknown key at the top",
		{ question: "q", quesiton: "q" },
		[{ path: "quesiton", message: "unknown key; did you mean `question`?" }],
	],
	[
		"an unknown key like no other",
		{ question: "q", temperature: 1 },
		[{ path: "temperature", message: "unknown key" }],
	],
	[
		"the key __proto__",
		JSON.parse('{"question": "q", "__proto__": {}}'),
		[{ path: "__proto__", message: "unknown key" }],
	],
	[
		"several faults at once",
		{ question: "", tem: 1, x: 2 },
		[
			{ path: "question", message: "must not be empty" },
			{ path: "tem", message: "unknown key; did you mean `team`?" },
			{ path: "x", message: "unknown key" },
		],
	],
	["a team that is a number", asking(5), [{ path: "team", message: "must be a string or an object" }]],
	["a team that is null", asking(null), [{ path: "team", message: "must be a string or an object" }]],
	["a team without a name to it", asking(""), [{ path: "team", message: "must not be empty" }]],
	["a team nobody knows", asking("nobody"), [{ path: "team", message: "There is no team `nobody`. Known: demo" }]],
	[
		"a team mistyped",
		asking("dmeo"),
		[{ path: "team", message: "There is no team `dmeo`; did you mean `demo`? Known: demo" }],
	],
	[
		"a team of the examples",
		asking("@examples/trio"),
		[{ path: "team", message: "There is no team `@examples/trio`. Known: demo" }],
	],
	["a team without agents", asking({}), [{ path: "team.agents", message: "is required" }]],
	[
		"an empty list of agents",
		asking({ agents: [] }),
		[{ path: "team.agents", message: "must have at least 1 agent" }],
	],
	[
		"seventeen agents",
		asking({ agents: agents(17) }),
		[{ path: "team.agents", message: "must have at most 16 agents" }],
	],
	[
		"a mistyped key of an agent",
		agentWith({ modle: "m" }),
		[{ path: "team.agents.0.modle", message: "unknown key; did you mean `model`?" }],
	],
	[
		"an agent without a model",
		asking({ agents: [{ id: "a", backend: "demo" }] }),
		[{ path: "team.agents.0.model", message: "is required" }],
	],
	["an agent that is a string", asking({ agents: ["a"] }), [{ path: "team.agents.0", message: "must be an object" }]],
	[
		"an id in capitals",
		agentWith({ id: "A" }),
		[{ path: "team.agents.0.id", message: "must match [a-z][a-z0-9_-]{0,31}" }],
	],
	[
		"an id of 33 characters",
		agentWith({ id: "a".repeat(33) }),
		[{ path: "team.agents.0.id", message: "must match [a-z][a-z0-9_-]{0,31}" }],
	],
	[
		"an id used twice",
		asking({ agents: [agent, agent] }),
		[{ path: "team.agents.1.id", message: "`a` is already the id of agents.0" }],
	],
	[
		"an unknown backend",
		agentWith({ backend: "gpt" }),
		[{ path: "team.agents.0.backend", message: "unknown backend. Known: demo, openai, anthropic" }],
	],
	[
		"a mistyped backend",
		agentWith({ backend: "opneai" }),
		[
			{
				path: "team.agents.0.backend",
				message: "unknown backend; did you mean `openai`? Known: demo, openai, anthropic",
			},
		],
	],
	[
		"a backend whose key is missing",
		agentWith({ backend: "anthropic" }),
		[{ path: "team.agents.0.backend", message: "set ANTHROPIC_API_KEY" }],
	],
	[
		"a judge whose key is missing",
		teamWith({ protocol: { judge: { backend: "anthropic", model: "m" } } }),
		[{ path: "team.protocol.judge.backend", message: "set ANTHROPIC_API_KEY" }],
	],
	[
		"params that are a list",
		agentWith({ params: [] }),
		[{ path: "team.agents.0.params", message: "must be an object" }],
	],
	[
		"a system prompt that is no string",
		agentWith({ system: null }),
		[{ path: "team.agents.0.system", message: "must be a string" }],
	],
	[
		"tools that nobody has",
		agentWith({ tools: ["web_search", "web_serch", "hammer"] }),
		[
			{
				path: "team.agents.0.tools.1",
				message: "unknown tool; did you mean `web_search`? Known: web_search, code_execution",
			},
			{ path: "team.agents.0.tools.2", message: "unknown tool. Known: web_search, code_execution" },
		],
	],
	[
		"a fallback on the agent's own model",
		agentWith({ fallback: { backend: "demo", model: "m", params: { x: 1 } } }),
		[{ path: "team.agents.0.fallback", message: "must be another model than the agent's own" }],
	],
	[
		"a fallback without a model",
		agentWith({ fallback: { backend: "openai" } }),
		[{ path: "team.agents.0.fallback.model", message: "is required" }],
	],
	[
		"a fallback on an unknown backend",
		agentWith({ fallback: { backend: "gpt", model: "m" } }),
		[{ path: "team.agents.0.fallback.backend", message: "unknown backend. Known: demo, openai, anthropic" }],
	],
	[
		"a fallback whose key is missing",
		agentWith({ fallback: { backend: "anthropic", model: "m" } }),
		[{ path: "team.agents.0.fallback.backend", message: "set ANTHROPIC_API_KEY" }],
	],
	[
		"a budget in dollars for a fallback without a price",
		asking({ agents: [{ ...agent, fallback: { backend: "openai", model: "m" } }], budget: { usd: 1 } }),
		[
			{
				path: "team.budget.usd",
				message: "no price is known for the fallback of `a` (openai m); cap tokens or calls instead",
			},
		],
	],
	[
		"more attempts than there may be",
		teamWith({ protocol: { attempts_max: 11 } }),
		[{ path: "team.protocol.attempts_max", message: "must be at most 10" }],
	],
	[
		"a session's and an agent's budget in dollars for a model without a price",
		teamWith({
			agents: [{ ...agent, backend: "openai", model: "m" }],
			budget: { session: { usd: 1 }, agent: { usd: 1, calls: 1 } },
		}),
		["session", "agent"].map((scope) => ({
			path: `team.budget.${scope}.usd`,
			message: "no price is known for `a` (openai m); cap tokens or calls instead",
		})),
	],
	[
		"budgets out of bounds, each by its path",
		teamWith({
			budget: { seconds: 7_201, session: { usd: 0, seconds: 0 }, agent: { tokens: 1_000_000_001, call: 1 } },
		}),
		[
			{ path: "team.budget.seconds", message: "must be at most 7200" },
			{ path: "team.budget.session.usd", message: "must be more than 0" },
			{ path: "team.budget.session.seconds", message: "must be at least 1" },
			{ path: "team.budget.agent.tokens", message: "must be at most 1000000000" },
			{ path: "team.budget.agent.call", message: "unknown key; did you mean `calls`?" },
		],
	],
	[
		"a budget in dollars for a model without a price",
		teamWith({ agents: [{ ...agent, backend: "openai", model: "m" }], budget: { usd: 1 } }),
		[
			{
				path: "team.budget.usd",
				message: "no price is known for `a` (openai m); cap tokens or calls instead",
			},
		],
	],
	[
		"an unknown preset",
		teamWith({ preset: "fast" }),
		[{ path: "team.preset", message: "must be one of quick, balanced, thorough" }],
	],
	[
		"an unknown key of the protocol",
		teamWith({ protocol: { qourum: 1 } }),
		[{ path: "team.protocol.qourum", message: "unknown key; did you mean `quorum`?" }],
	],
	[
		"a quorum above the number of agents",
		teamWith({ protocol: { quorum: 2 } }),
		[{ path: "team.protocol.quorum", message: "must be at most 1, the number of agents" }],
	],
	[
		"a quorum of nobody",
		teamWith({ protocol: { quorum: 0 } }),
		[{ path: "team.protocol.quorum", message: "must be at least 1" }],
	],
	[
		"agreement of nobody",
		teamWith({ protocol: { agree: 0 } }),
		[{ path: "team.protocol.agree", message: "must be more than 0" }],
	],
	[
		"agreement of more than all",
		teamWith({ protocol: { agree: 1.01 } }),
		[{ path: "team.protocol.agree", message: "must be at most 1" }],
	],
	[
		"a limit over its maximum",
		teamWith({ limits: { answers_per_agent: 11 } }),
		[{ path: "team.limits.answers_per_agent", message: "must be at most 10" }],
	],
	[
		"a limit under its minimum",
		teamWith({ limits: { turn_seconds: 0 } }),
		[{ path: "team.limits.turn_seconds", message: "must be at least 1" }],
	],
	[
		"half an answer",
		teamWith({ limits: { answers_per_agent: 1.5 } }),
		[{ path: "team.limits.answers_per_agent", message: "must be an integer" }],
	],
	[
		"a limit given as text",
		teamWith({ limits: { retries: "3" } }),
		[{ path: "team.limits.retries", message: "must be a number" }],
	],
	[
		"a team name with a slash",
		asking({ name: "a/b", agents: [agent] }),
		[
			{
				path: "team.name",
				message:
					"must be 1 to 64 letters, digits, dots, dashes or underscores, and start with a letter or digit",
			},
		],
	],
])("a session is refused for %s, and nothing is stored", async (_, body, errors) => {
	const api = makeApi();
	expect(await send(api, "/v1/sessions", { body })).toEqual(badInput(...errors));
	expect(await send(api, "/v1/sessions")).toEqual({ status: 200, body: { sessions: [], cursor: null } });
	expect(api.sessions.opened()).toEqual([]);
});

test("at most twenty faults are named", async () => {
	const body = Object.fromEntries(Array.from({ length: 50 }, (_, at) => [`unknown-${at}`, 1]));
	const faults = Array.from({ length: 19 }, (_, at) => ({ path: `unknown-${at}`, message: "unknown key" }));
	expect(await send(makeApi(), "/v1/sessions", { body })).toEqual(
		badInput({ path: "question", message: "is required" }, ...faults),
	);
});

test.each<[string, { raw: BodyInit; headers?: Record<string, string> }, ReturnType<typeof refusedWith>]>([
	["no body", { raw: "" }, refusedWith(400, "The body is empty; it must be a JSON object.")],
	[
		"a body that is no JSON",
		{ raw: '{"question": ' },
		refusedWith(400, "The body is not valid JSON: Unexpected end of JSON input"),
	],
	[
		"a body with a word that is no JSON, which is not said again since it may be a key",
		{ raw: '{"key": sk-0123456789}' },
		refusedWith(400, "The body is not valid JSON: Unexpected token 's'"),
	],
	[
		"a text, which is not said again either",
		{ raw: 'sk-0"123"456789' },
		refusedWith(400, "The body is not valid JSON: Unexpected token 's'"),
	],
	[
		"a body that is no UTF-8",
		{ raw: new Uint8Array([0x22, 0xff, 0x22]) },
		refusedWith(400, "The body is not valid UTF-8."),
	],
	[
		"a body one byte over 5 MiB, which is 1 MiB and the files",
		{ raw: " ".repeat(5_242_881) },
		refusedWith(413, "The body is larger than 5242880 bytes."),
	],
	[
		"a question of 6 MB",
		{ raw: JSON.stringify({ question: "x".repeat(6_000_000) }) },
		refusedWith(413, "The body is larger than 5242880 bytes."),
	],
	[
		"a length that says too much",
		{ raw: "{}", headers: { "content-length": "5242881" } },
		refusedWith(413, "The body is larger than 5242880 bytes."),
	],
	[
		"lists nested 65 deep",
		{ raw: "[".repeat(65) + "]".repeat(65) },
		refusedWith(400, "The body nests deeper than 64 levels."),
	],
	[
		"an open quote with a million escapes",
		{ raw: `"${'\\"'.repeat(500_000)}` },
		refusedWith(
			400,
			"The body is not valid JSON: Unterminated string in JSON at position 1000001 (line 1 column 1000002)",
		),
	],
])("a body is refused: %s", async (_, sent, expected) => {
	expect(await send(makeApi(), "/v1/sessions", { method: "POST", ...sent })).toEqual(expected);
});

test.each<[string, string]>([
	["exactly 5 MiB is read", `{"question": 1}${" ".repeat(5_242_880 - 15)}`],
	["64 levels are read", `{"question": ${"[".repeat(63)}${"]".repeat(63)}}`],
	["brackets within strings do not nest", `{"question": ["${"[".repeat(100)}\\"["]}`],
])("%s", async (_, raw) => {
	expect(await send(makeApi(), "/v1/sessions", { raw })).toEqual(
		badInput({ path: "question", message: "must be a string" }),
	);
});

test("the rest of a body that is too large is not read", async () => {
	let pulled = 0;
	const body = new ReadableStream<Uint8Array>({
		pull(stream) {
			pulled += 1;
			if (pulled > 1000) stream.close();
			else stream.enqueue(new Uint8Array(65_536));
		},
	});
	const { app, deps } = makeApi();
	const request = new Request("http://host/v1/sessions", {
		method: "POST",
		body,
		duplex: "half",
		headers: { authorization: `Bearer ${deps.adminKey}` },
	} as RequestInit);
	expect((await app.request(request)).status).toBe(413);
	expect(pulled).toBeLessThan(90);
});

test.each<[string, string, number]>([
	["a turn may bring files: 5 MiB", "/v1/sessions/s1/turns", 5_242_880],
	["steering brings none: 1 MiB", "/v1/sessions/s1/steer", 1_048_576],
])("%s of body are read, and not one byte more", async (_, path, bytesMax) => {
	const api = makeApi();
	await send(api, "/v1/sessions", { body: { question: "Why?" } });
	const statusOf = async (bytes: number) => (await send(api, path, { raw: `{}${" ".repeat(bytes - 2)}` })).status;
	expect([await statusOf(bytesMax), await statusOf(bytesMax + 1)]).toEqual([400, 413]);
});

test.each<[string, string, readonly { path: string; message: string }[]]>([
	["no limit at all", "?limit=", [{ path: "limit", message: "must be an integer from 1 to 100" }]],
	["none", "?limit=0", [{ path: "limit", message: "must be an integer from 1 to 100" }]],
	["too many", "?limit=101", [{ path: "limit", message: "must be an integer from 1 to 100" }]],
	["a word", "?limit=ten", [{ path: "limit", message: "must be an integer from 1 to 100" }]],
	[
		"a cursor of our own making",
		"?cursor=abc",
		[{ path: "cursor", message: "must be the cursor of the page before" }],
	],
	["an unknown parameter", "?limt=1", [{ path: "limt", message: "unknown key; did you mean `limit`?" }]],
])("a list is refused: %s", async (_, query, errors) => {
	expect(await send(makeApi(), `/v1/sessions${query}`)).toEqual(badInput(...errors));
});
