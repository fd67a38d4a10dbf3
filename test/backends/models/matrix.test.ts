import { readFileSync } from "node:fs";
import { afterAll, expect, test } from "vitest";
import { teamFrom } from "../../../src/api/team.ts";
import { abilitiesOf, hostAbilities } from "../../../src/backends/models/abilities-of.ts";
import { abilityNames, type Ability, type AbilityName } from "../../../src/backends/models/abilities.ts";
import { serverToolNames } from "../../../src/backends/backend.ts";
import { makeBackends } from "../../../src/backends/backends.ts";
import { hosts, type Host } from "../../../src/backends/hosts.ts";
import table from "../../../src/backends/models/model-table.json" with { type: "json" };
import type { ModelTable } from "../../../src/backends/models/models.ts";
import { backendsTable, tableIn } from "../../support/backends-table.ts";
import { settingsAt, specOf } from "../../support/fake-hosts.ts";
import { startFakeProviders } from "../../support/fake-providers.ts";
import { proofs, type Bench } from "./matrix-proofs.ts";

/**
 * Every host by every ability, with its default model and with a model that has the ability and one that lacks it: it
 * works against the fake of the host's wire, or asking for it is refused by name.
 */

const scripts: Bench["scripts"] = new Map();
const fake = await startFakeProviders({ brain: (request) => scripts.get(request.model)?.(request) ?? [] });
afterAll(fake.close);
const backends = makeBackends(settingsAt(fake.url), { fetch, now: Date.now });
const bench: Bench = { backends, requests: fake.requests, scripts };

type Cell = readonly [backend: string, ability: AbilityName, model: string, cell: Ability];
const rows = Object.entries<Host>(hosts);
const cells = rows.flatMap(([backend, host]) => abilityNames.flatMap((ability) => cellsOf(backend, host, ability)));
const usable = cells.filter(([, , , cell]) => cell !== false);
const refused = cells.filter(([, , , cell]) => cell === false);

test.each(usable)("%s: %s with %s (%s) works against the fake of its wire", async (backend, ability, model) => {
	expect(Object.keys(proofs)).toEqual(expect.arrayContaining([ability]));
	if (ability !== "image_output") await proofs[ability](bench, backend, model);
});

test.each(refused)("%s: %s with %s (%s) is refused, naming what lacks it", (backend, ability, model) => {
	const { path = "", message = "" } = backends.problem(specOf(backend, {}, model), [ability]) ?? {};
	const named = isServerTool(ability) ? `${ability} is not on offer` : `${model} at ${backend}`;
	const [what = "", instead = ""] = message.split("; ");
	const says = { path, names: what.includes(named) && what.includes(backend), instead: instead !== "" };
	expect(says).toEqual({ path: "model", names: true, instead: true });
});

test.each(refused.filter(([, ability]) => ability === "tools" || isServerTool(ability)))(
	"%s: a team whose agent needs %s of %s (%s) is not saved, naming agent and field",
	(backend, ability, model) => {
		const port = { ...backends, priced: () => true, serverTools: serverToolNames };
		const agent = { id: "b", backend, model, tools: isServerTool(ability) ? [ability] : [] };
		const message = backends.problem(specOf(backend, {}, model), [ability])?.message;
		const path = `agents.1.${isServerTool(ability) ? "tools.0" : "model"}`;
		const agents = [{ id: "a", backend, model: hosts[backend as keyof typeof hosts].defaultModel }, agent];
		expect(teamFrom({ agents }, port)).toEqual({ ok: false, errors: [{ path, message }] });
	},
);

test("the cells are those of every host and ability, and each kind of cell is there", () => {
	const pairs = new Set(cells.map(([backend, ability]) => `${backend} ${ability}`));
	expect(pairs.size).toBe(rows.length * abilityNames.length);
	expect([...new Set(usable.map(([, ability]) => ability))].toSorted()).toEqual(Object.keys(proofs).toSorted());
	expect(new Set(cells.map(([, , , cell]) => cell))).toEqual(new Set([true, false, "model", "unknown"]));
});

test("the README's table is the one that the hosts make", () => {
	expect(tableIn(readFileSync("README.md", "utf8"))).toBe(backendsTable());
});

function cellsOf(backend: string, { defaultModel }: Host, ability: AbilityName): readonly Cell[] {
	const rowsHere: ModelTable["rows"] = table.rows;
	const listed = Object.values(rowsHere[backend] ?? {}).flat();
	const isTold = hostAbilities(backend)[ability] === "model";
	const examples = isTold
		? [true, false].map((has) => listed.find((model) => cellOf(backend, model, ability) === has))
		: [];
	const models = new Set([defaultModel, ...examples.filter((model) => model !== undefined)]);
	return [...models].map((model) => [backend, ability, model, cellOf(backend, model, ability)]);
}

function cellOf(backend: string, model: string, ability: AbilityName): Ability {
	return abilitiesOf(backend, model)[ability];
}

function isServerTool(ability: AbilityName): boolean {
	const names: readonly AbilityName[] = serverToolNames;
	return names.includes(ability);
}
