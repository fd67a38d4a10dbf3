import { readFileSync, writeFileSync } from "node:fs";
import { builtAbilities, usableAbilities, type UsableAbilities } from "../../src/backends/abilities.ts";
import { settingsFor, takesBaseUrl } from "../../src/backends/endpoint.ts";
import { hosts, type Host } from "../../src/backends/hosts.ts";

/** `npx node test/support/backends-table.ts` writes the README's table of backends anew. */

const file = "README.md";
const heads = ["backend", "wire", "set", "default model"];
const tablePattern = new RegExp(`^\\| ${heads.join(" \\| ")} \\|.*\\n(?:\\|.*\\n)*`, "m");

/** Every host with its settings and those abilities that can be used through us. */
export function backendsTable(): string {
	const rows = Object.entries<Host>(hosts).map(([name, host]) => rowOf(name, host));
	const all = [[...heads, ...builtAbilities], [...heads, ...builtAbilities].map(() => "---"), ...rows];
	return all.map((cells) => `| ${cells.join(" | ")} |\n`).join("");
}

/** The table as it stands in the README. */
export function tableIn(readme: string): string {
	return tablePattern.exec(readme)?.[0] ?? "";
}

const words: Readonly<Record<string, string>> = { true: "yes", false: "no", model: "by model", unknown: "unknown" };

function rowOf(name: string, host: Host): readonly string[] {
	const usable: UsableAbilities = usableAbilities(host.abilities);
	const abilities = builtAbilities.map((ability) => words[String(usable[ability])] ?? "no");
	return [`\`${name}\``, host.wire, settingsOf(name, host), `\`${host.defaultModel}\``, ...abilities];
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
