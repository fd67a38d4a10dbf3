import { readFileSync } from "node:fs";
import { afterAll, expect, test } from "vitest";
import { teamFrom } from "../../src/api/team.ts";
import {
	abilityNames,
	builtAbilities,
	usableAbilities,
	type Abilities,
	type Ability,
	type AbilityName,
} from "../../src/backends/abilities.ts";
import type { Message, ModelEvent, ToolSpec } from "../../src/backends/backend.ts";
import { makeBackends } from "../../src/backends/backends.ts";
import { hosts, type Host } from "../../src/backends/hosts.ts";
import type { JsonObject } from "../../src/std/json.ts";
import { backendsTable, tableIn } from "../support/backends-table.ts";
import { settingsAt, specOf } from "../support/fake-hosts.ts";
import { startFakeProviders } from "../support/fake-providers.ts";
import { collected, modelRequest } from "../support/fake-request.ts";
import type { Brain } from "../support/fake-script.ts";

/** Every host by every ability: it works against the fake of the host's wire, or asking for it is refused by name. */

const scripts = new Map<string, Brain>();
const fake = await startFakeProviders({ brain: (request) => scripts.get(request.model)?.(request) ?? [] });
afterAll(fake.close);
const backends = makeBackends(settingsAt(fake.url), { fetch, now: Date.now });

const look: ToolSpec = {
	name: "look",
	description: "Looks.",
	parameters: { type: "object", properties: { at: { type: "string" } } },
};

/** What an agent looks like that asks for what no request of ours can carry, and the answer to it. */
const refusals: Readonly<Partial<Record<AbilityName, readonly [asking: object, path: string, message: string]>>> = {
	images: [{ images: [] }, "agents.0.images", "unknown key"],
	web_search: [{ tools: ["web_search"] }, "agents.0.tools", "not built yet: tools of agents; it must be empty"],
	structured_output: [{ output_schema: {} }, "agents.0.output_schema", "unknown key"],
	resume: [
		{ params: { background: true } },
		"agents.0.params.background",
		"whether a call goes on when its connection is lost is set by the agent's `resume`",
	],
};

const rows = Object.entries<Host>(hosts);
const cells = rows.flatMap(([name, { abilities }]) =>
	abilityNames.map((ability): [string, AbilityName, Ability | "not_built"] => [
		name,
		ability,
		usableAbilities(abilities)[ability],
	]),
);
const usable = cells.filter(([, , cell]) => cell !== false && cell !== "not_built");
const unusable = cells.filter(([, , cell]) => cell === false || cell === "not_built");

const proofs: Readonly<Partial<Record<AbilityName, (backend: string) => Promise<void>>>> = {
	tools: provesTools,
	reasoning: provesReasoning,
};

test.each(usable)("%s: %s (%s) works against the fake of its wire", async (backend, ability) => {
	const prove = proofs[ability];
	expect(typeof prove).toBe("function");
	await prove?.(backend);
});

test.each(unusable)("%s: %s (%s) is refused, naming agent and field", (backend, ability) => {
	const [asking, path, message] = refusals[ability] ?? [];
	const agent = { id: "a", backend, model: "any", ...(asking as object) };
	const port = { ...backends, priced: () => true };
	expect(teamFrom({ agents: [agent] }, port)).toEqual({ ok: false, errors: [{ path, message }] });
	expect(teamFrom({ agents: [{ id: "a", backend, model: "any" }] }, port).ok).toBe(true);
});

test("the cells are all there are, and only tools and reasoning are built", () => {
	expect(usable.length + unusable.length).toBe(rows.length * abilityNames.length);
	expect([...new Set(usable.map(([, ability]) => ability))]).toEqual([...builtAbilities]);
	expect(builtAbilities).toEqual(["tools", "reasoning"]);
});

test.each<[string, Partial<Abilities>, object]>([
	["what is built is told as it is", { tools: true, reasoning: false }, { tools: true, reasoning: false }],
	[
		"what is not built is not claimed",
		{ images: true, resume: "model" },
		{ images: "not_built", resume: "not_built" },
	],
	["what a host has not, it has not", { images: false, resume: false }, { images: false, resume: false }],
	["what nobody knows stays so", { tools: "unknown" }, { tools: "unknown" }],
])("%s", (_, changes, expected) => {
	const none: Abilities = {
		tools: false,
		reasoning: false,
		images: false,
		web_search: false,
		structured_output: false,
		resume: false,
	};
	expect(usableAbilities({ ...none, ...changes })).toEqual({ ...none, ...expected });
});

test("the README's table is the one that the hosts make", () => {
	expect(tableIn(readFileSync("README.md", "utf8"))).toBe(backendsTable());
});

test("the README's table claims no ability that is not built", () => {
	const [head = ""] = backendsTable().split("\n");
	expect(head).toBe("| backend | wire | set | default model | tools | reasoning |");
});

/** A tool is offered and called, and its result comes back to the host paired with the call. */
async function provesTools(backend: string): Promise<void> {
	const model = scripted(`tools-of-${backend}`, ({ messages }) =>
		messages.some(({ role }) => role === "tool")
			? [{ text: "Blue." }]
			: [{ tool: "look", arguments: { at: "sky" } }],
	);
	const { said, second } = await twoCalls(backend, model);
	expect(callsIn(said).map(({ name, arguments: given }) => ({ name, given }))).toEqual([
		{ name: "look", given: { at: "sky" } },
	]);
	expect(second.filter(({ type }) => type === "text")).toEqual([{ type: "text", text: "Blue." }]);
	expect(second.at(-1)).toEqual({ type: "end", stop: "end" });
}

/** Reasoning arrives apart from the text, and goes back to the host with the call that it led to. */
async function provesReasoning(backend: string): Promise<void> {
	const thought = `Thought at ${backend}.`;
	const model = scripted(`reasoning-of-${backend}`, ({ messages }) =>
		messages.some(({ role }) => role === "tool")
			? [{ text: "Done." }]
			: [
					{ reasoning: thought, chunks: 3 },
					{ tool: "look", arguments: {} },
				],
	);
	const { said, body } = await twoCalls(backend, model);
	expect(said.filter(({ type }) => type === "reasoning")).toEqual([{ type: "reasoning", text: thought }]);
	expect(JSON.stringify(body).split(thought).length).toBe(2);
}

async function twoCalls(backend: string, model: string) {
	const call = backends.open(specOf(backend, {}, model));
	const question: Message = { role: "user", text: "Look." };
	const said = await collected(call, modelRequest({ model, tools: [look], messages: [question] }));
	const echo = said.flatMap((event) => (event.type === "echo" ? [event.item] : []));
	const toolCalls = callsIn(said);
	const results = toolCalls.map(({ id, name }) => ({ id, name, text: "It is blue.", ok: true }));
	const messages: Message[] = [question, { role: "assistant", text: "", toolCalls, echo }, { role: "tool", results }];
	const second = await collected(call, modelRequest({ model, tools: [look], messages }));
	const body: JsonObject = fake.requests.at(-1)?.body ?? {};
	return { said, second, body };
}

function callsIn(events: readonly ModelEvent[]) {
	return events.flatMap((event) => (event.type === "tool_call" ? [event.call] : []));
}

function scripted(model: string, brain: Brain): string {
	scripts.set(model, brain);
	return model;
}
