import { expect, test } from "vitest";
import { teamSchema } from "../../../src/api/schemas.ts";
import { filledTeam } from "../../../src/api/team.ts";
import { TeamInput } from "../../../src/api/team-schema.ts";
import type { Json } from "../../../src/std/json.ts";
import { copyName } from "../../../src/web/teams/copy-name.ts";
import { valueAt, withValueAt, type Path } from "../../../src/web/teams/document.ts";
import { errorsAt, hasErrors } from "../../../src/web/teams/errors-at.ts";
import { fieldOf, labelOf, type Field, type Member } from "../../../src/web/teams/field.ts";
import { defaultsOf, sparse } from "../../../src/web/teams/sparse.ts";
import { teamFileBytesMax, teamIn, yamlOf } from "../../../src/web/teams/yaml-file.ts";

const form = fieldOf(teamSchema());
const membersOf = (field: Field | undefined): readonly Member[] => (field?.kind === "group" ? field.members : []);
const member = (field: Field | undefined, name: string) => membersOf(field).find((found) => found.name === name);
const kinds = (field: Field | undefined) =>
	membersOf(field).map(({ name, field: { kind }, required }) => [name, kind, required]);

test("the form of a team has a field for everything that the contract's schema has", () => {
	const agents = member(form, "agents")?.field;
	expect({
		team: kinds(form),
		agent: agents?.kind === "list" ? kinds(agents.of) : null,
		judge: kinds(member(member(form, "protocol")?.field, "judge")?.field),
	}).toEqual({
		team: [
			["name", "text", false],
			["description", "text", false],
			["preset", "choice", false],
			["agents", "list", true],
			["protocol", "group", false],
			["limits", "group", false],
			["budget", "group", false],
		],
		agent: [
			["id", "text", true],
			["backend", "text", true],
			["model", "text", true],
			["system", "text", false],
			["params", "json", false],
			["tools", "words", false],
			["resume", "flag", false],
			["fallback", "group", false],
		],
		judge: [
			["backend", "text", true],
			["model", "text", true],
			["params", "json", false],
		],
	});
});

test.each<[object, object]>([
	[
		{ type: "integer", minimum: 1, maximum: 9 },
		{ kind: "number", range: "1 to 9" },
	],
	[
		{ type: "number", exclusiveMinimum: 0 },
		{ kind: "number", range: "from above 0" },
	],
	[
		{ type: "number", maximum: 9 },
		{ kind: "number", range: "up to 9" },
	],
	[{ anyOf: [{ type: "integer" }, { type: "null" }] }, { kind: "number", range: "" }],
	[{ anyOf: [{ type: "integer" }, { type: "string" }] }, { kind: "json" }],
	[{}, { kind: "json" }],
])("the field of %o is %o", (schema, field) => expect(fieldOf(schema)).toEqual(field));

test("names are read as words", () => expect(labelOf("answers_per_agent")).toBe("Answers per agent"));

const document: Json = { agents: [{ id: "a" }, { id: "b" }], limits: { retries: 1 } };
test.each<[string, Path, Json | undefined, Json]>([
	[
		"a value is changed in its place",
		["agents", 1, "id"],
		"c",
		{ agents: [{ id: "a" }, { id: "c" }], limits: { retries: 1 } },
	],
	[
		"what is missing on the way is made",
		["budget", "session", "usd"],
		2,
		{ agents: [{ id: "a" }, { id: "b" }], limits: { retries: 1 }, budget: { session: { usd: 2 } } },
	],
	["an item is taken away", ["agents", 0], undefined, { agents: [{ id: "b" }], limits: { retries: 1 } }],
	["a name is taken away", ["limits", "retries"], undefined, { agents: [{ id: "a" }, { id: "b" }], limits: {} }],
	[
		"what is no object becomes one",
		["limits", "retries", "x"],
		1,
		{ agents: [{ id: "a" }, { id: "b" }], limits: { retries: { x: 1 } } },
	],
])("%s", (_, path, value, expected) => expect(withValueAt(document, path, value)).toEqual(expected));

test.each<[Path, Json | undefined]>([
	[["agents", 1, "id"], "b"],
	[["agents", "id"], undefined],
	[["limits", 0], undefined],
	[["toString"], undefined],
	[[], document],
])("at %o stands %o", (path, value) => expect(valueAt(document, path)).toEqual(value));

const errors = [
	{ path: "name", message: "is required" },
	{ path: "agents", message: "too many" },
	{ path: "agents.0.model", message: "must not be empty" },
	{ path: "agents.0.params.effort", message: "unknown" },
	{ path: "agents.0.nonsense", message: "unknown key" },
];
const agent = {
	kind: "group",
	nullable: false,
	members: ["model", "params"].map((name) => ({
		name,
		field: { kind: "json" },
		required: true,
		fallback: undefined,
	})),
} as const satisfies Field;
test.each<[string, Field, readonly string[]]>([
	["name", { kind: "text", long: false }, ["is required"]],
	["agents", { kind: "list", of: agent, countMax: 3 }, ["too many"]],
	["agents.0", agent, ["nonsense: unknown key"]],
	["agents.0.model", { kind: "text", long: false }, ["must not be empty"]],
	["agents.0.params", { kind: "json" }, ["effort unknown"]],
	["agents.0.mod", { kind: "text", long: false }, []],
	[
		"",
		{ kind: "group", nullable: false, members: [] },
		[
			"name: is required",
			"agents: too many",
			"agents.0.model: must not be empty",
			"agents.0.params.effort: unknown",
			"agents.0.nonsense: unknown key",
		],
	],
])("at %o is told what is wrong there", (path, field, expected) =>
	expect(errorsAt(errors, path, field)).toEqual(expected),
);

test("a field of several words tells which of them is wrong", () => {
	const wrong = [{ path: "agents.0.tools.1", message: "must not be empty" }];
	expect(errorsAt(wrong, "agents.0.tools", { kind: "words" })).toEqual(["1 must not be empty"]);
});

test("a part knows whether something in it is wrong", () => {
	expect(["agents", "agents.0", "agents.1", "nam"].map((path) => hasErrors(errors, path))).toEqual([
		true,
		true,
		false,
		false,
	]);
});

const agents = [{ id: "a", backend: "demo", model: "demo" }];
test.each(["quick", "balanced", "thorough"] as const)(
	"a %s team is shown without what it did not say, and means the same",
	(preset) => {
		const team = filledTeam(TeamInput.parse({ name: "t", preset, agents, limits: { retries: 1 } }));
		const shown = sparse(team);
		expect([shown["protocol"], shown["limits"]]).toEqual([{}, { retries: 1 }]);
		expect(filledTeam(TeamInput.parse(shown))).toEqual(team);
	},
);

test("a preset's changes are the defaults that are shown", () => {
	expect([
		defaultsOf("quick").protocol["stop"],
		defaultsOf("nonsense").protocol["stop"],
		defaultsOf("thorough").limits["rounds_per_agent"],
	]).toEqual(["agreed", "all", 10]);
});

test("a team goes through a file of YAML and comes back the same", async () => {
	expect(await teamIn(await yamlOf(document))).toEqual({ team: document });
});

test.each<[string, string, object]>([
	["JSON is YAML", '{"agents":[]}', { team: { agents: [] } }],
	["a list is no team", "- a", { fault: "The file holds no team: it should have `agents`." }],
	["nothing is no team", "", { fault: "The file holds no team: it should have `agents`." }],
	["what cannot be read is said", "a: [", { fault: expect.stringMatching(/^The file is no YAML: /) }],
	["aliases are not followed", "a: &a [1]\nb: *a", { fault: expect.stringMatching(/^The file is no YAML: /) }],
	["at most so long", `# ${"x".repeat(teamFileBytesMax - 8)}\na: 1\n`, { team: { a: 1 } }],
	["and no longer", `# ${"x".repeat(teamFileBytesMax - 7)}\na: 1\n`, { fault: "The file is too long for a team." }],
])("%s", async (_, text, expected) => expect(await teamIn(text)).toEqual(expected));

test.each<[string, readonly string[], string]>([
	["demo", [], "demo-copy"],
	["demo", ["demo-copy"], "demo-copy-2"],
	["demo-copy-2", ["demo-copy", "demo-copy-2"], "demo-copy-3"],
	["x".repeat(64), [], `${"x".repeat(54)}-copy`],
	["", [], "team-copy"],
])("a copy of %o beside %o is called %s", (name, taken, copy) => expect(copyName(name, taken)).toBe(copy));
