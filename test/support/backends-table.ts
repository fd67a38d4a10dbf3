import { readFileSync, writeFileSync } from "node:fs";
import { hostAbilities } from "../../src/backends/models/abilities-of.ts";
import type { Abilities, AbilityName } from "../../src/backends/models/abilities.ts";
import { settingsFor, takesBaseUrl } from "../../src/backends/endpoint.ts";
import { hosts, type Host } from "../../src/backends/hosts.ts";

/** `npx node test/support/backends-table.ts` writes the README's table of backends anew. */

const file = "README.md";
const heads = ["backend", "wire", "set", "default model"];
const tablePattern = new RegExp(`^\\| ${heads.join(" \\| ")} \\|.*\\n(?:\\|.*\\n)*`, "m");

/** Every host with its settings and what it offers. Pictures that a model makes are asked for at none of them. */
export function backendsTable(): string {
	const rows = Object.entries<Host>(hosts).map(([name, host]) => rowOf(name, host));
	const columns = [...heads, ...told.map(([head]) => head), "its own tools"];
	const all = [columns, columns.map(() => "---"), ...rows];
	return all.map((cells) => `| ${cells.join(" | ")} |\n`).join("");
}

/** The table as it stands in the README. */
export function tableIn(readme: string): string {
	return tablePattern.exec(readme)?.[0] ?? "";
}

const words: Readonly<Record<string, string>> = { true: "yes", false: "no", model: "by model", unknown: "unknown" };

const told: readonly (readonly [head: string, ability: AbilityName])[] = [
	["tools", "tools"],
	["reasoning", "reasoning"],
	["images", "images"],
	["files", "files"],
	["schema", "structured_output"],
	["resume", "resume"],
];

const ownTools: readonly (readonly [word: string, ability: AbilityName])[] = [
	["search", "web_search"],
	["code", "code_execution"],
	["fetch", "web_fetch"],
];

function rowOf(name: string, host: Host): readonly string[] {
	const abilities = hostAbilities(name);
	const cells = told.map(([, ability]) => words[String(abilities[ability])] ?? "");
	const place = [`\`${name}\``, host.wire, settingsOf(name, host), `\`${host.defaultModel}\``];
	return [...place, ...cells, ownToolsOf(abilities)];
}

function ownToolsOf(abilities: Abilities): string {
	const offered = ownTools.flatMap(([word, ability]) => (abilities[ability] === false ? [] : [word]));
	return offered.length === 0 ? "no" : offered.join(", ");
}

function settingsOf(name: string, host: Host): string {
	const { urlSetting, keySettings } = settingsFor(name);
	const keys = keySettings.map((key) => `\`${key}\``).join(" or ");
	if (takesBaseUrl(host)) return "`base_url` in `params`";
	if (host.key === "needed") return keys;
	if (host.key === "optional") return `\`${urlSetting}\`, if not ${host.baseUrl}`;
	return `\`${urlSetting}\` and ${keys}${name === "workers-ai" ? ", or the `AI` binding" : ""}`;
}

if (import.meta.main) {
	const readme = readFileSync(file, "utf8");
	writeFileSync(
		file,
		readme.replace(tablePattern, () => backendsTable()),
	);
}
