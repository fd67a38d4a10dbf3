import { expect, test } from "vitest";
import { parse } from "yaml";
import { limitBounds, protocolDefaults } from "../../src/consensus/team.ts";
import { teamSchema } from "../../src/api/schemas.ts";
import { badInput, makeApi, refusedWith, send, sendRaw, teamOf } from "../support/api.ts";

/** Teams as documents: YAML in and out, and the schema that editors are made from. */
const yaml = (raw: string, type = "application/yaml") => ({
	method: "PUT",
	raw,
	headers: { "content-type": type },
});
const trio = `
# three of a kind
name: trio
agents:
  - { id: a, backend: demo, model: m, system: "be brief" }
limits:
  retries: 0
`;
const team = teamOf({
	name: "trio",
	agents: [{ id: "a", backend: "demo", model: "m", system: "be brief" }],
	limits: { retries: 0 },
});

test.each(["application/yaml", "text/yaml", "application/x-yaml", "text/x-yaml; charset=utf-8", "Application/YAML"])(
	"a team is taken as %s",
	async (type) => {
		const api = makeApi();
		expect(await send(api, "/v1/teams/trio", yaml(trio, type))).toEqual({ status: 200, body: team });
		expect(await send(api, "/v1/teams/trio")).toEqual({ status: 200, body: team });
	},
);

test.each<[string, string | null]>([
	["application/yaml", "application/yaml"],
	["text/html, text/yaml;q=0.9", "application/yaml"],
	["*/*", "application/json"],
	["", "application/json"],
])("who accepts %j is shown a team as %s", async (accept, type) => {
	const api = makeApi();
	await send(api, "/v1/teams/trio", yaml(trio));
	const got = await sendRaw(api, "/v1/teams/trio", { headers: { accept } });
	expect([got.headers.get("content-type"), parse(await got.text())]).toEqual([type, team]);
});

test("what is shown in YAML can be put again", async () => {
	const api = makeApi();
	await send(api, "/v1/teams/trio", yaml(trio));
	const text = await (await sendRaw(api, "/v1/teams/trio", { headers: { accept: "application/yaml" } })).text();
	expect(await send(api, "/v1/teams/trio", yaml(text))).toEqual({ status: 200, body: team });
});

const bomb = `a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]`;
const agents = "agents: [{ id: a, backend: demo, model: m }]";
test.each<[string, string, object]>([
	["nothing", " \n", badInput({ path: "", message: "must be an object" })],
	["a text", "trio", badInput({ path: "", message: "must be an object" })],
	[
		"an unknown key",
		`${agents}\nbugdet: 1`,
		badInput({ path: "bugdet", message: "unknown key; did you mean `budget`?" }),
	],
	[
		"a wrong limit",
		`${agents}\nlimits: { retries: 11 }`,
		badInput({ path: "limits.retries", message: "must be at most 10" }),
	],
	[
		"a broken document",
		"agents: [",
		refusedWith(
			400,
			"The body is not valid YAML: Flow sequence in block collection must be sufficiently indented and end with a ] at line 1, column 10:",
		),
	],
	["aliases", bomb, refusedWith(400, "The body is not valid YAML: Alias resolution is disabled")],
	[
		"a key twice",
		"a: 1\na: 2",
		refusedWith(400, "The body is not valid YAML: Map keys must be unique at line 2, column 1:"),
	],
	["65 levels", `x: ${"[".repeat(64)}${"]".repeat(64)}`, refusedWith(400, "The body nests deeper than 64 levels.")],
	["a body over 128 KiB", "x".repeat(131_073), refusedWith(413, "The body is larger than 131072 bytes.")],
])("a team in YAML is refused for %s", async (_, text, expected) => {
	const api = makeApi();
	expect(await send(api, "/v1/teams/trio", yaml(text))).toEqual(expected);
	expect(await api.deps.tenant().teams()).toEqual([]);
});

test.each(["[", "- ", "{a: ", "? "])("a body of nothing but `%s` is refused, not obeyed", async (part) => {
	const text = part.repeat(Math.floor(131_072 / part.length));
	const got = await send(makeApi(), "/v1/teams/trio", yaml(text));
	expect(got.status).toBe(400);
});

test("the schema of a team tells every limit's bounds and default, and the protocol's defaults", async () => {
	const got = await sendRaw(makeApi(), "/v1/schemas/team");
	const schema = await got.json<Record<string, unknown>>();
	const { limits, protocol } = schema["properties"] as Record<string, { properties: Record<string, object> }>;
	const bounds = Object.entries(limitBounds).map(([name, { min, max, default: usual }]) => [
		name,
		{ type: "integer", minimum: min, maximum: max, default: usual },
	]);
	expect([got.headers.get("content-type"), schema["$schema"], schema["required"], limits?.properties]).toEqual([
		"application/schema+json",
		"https://json-schema.org/draft/2020-12/schema",
		["agents"],
		Object.fromEntries(bounds),
	]);
	const usual = Object.entries(protocol?.properties ?? {}).map(([name, property]) => [
		name,
		(property as { default: unknown }).default,
	]);
	expect(Object.fromEntries(usual)).toEqual(protocolDefaults);
	expect(schema).toEqual(teamSchema());
});
