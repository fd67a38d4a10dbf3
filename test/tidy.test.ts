import { existsSync, readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import packageJson from "../package.json" with { type: "json" };
import packageLock from "../package-lock.json" with { type: "json" };
import { hosts } from "../src/backends/hosts.ts";
import layers from "../.config/layers.json" with { type: "json" };

/** Conventions that no linter checks. Each rule of the first table comes with an example that it must find. */

const code = filesUnder(["src", "bots", "durable-objects"]).filter(isTypeScript);
const tests = filesUnder(["test"]).filter((path) => isTypeScript(path) && path !== "test/tidy.test.ts");
/** The platform wants its classes exported by the entry point, and only there. */
const inner = code.filter((path) => path !== "src/worker.ts");
const everything = [...code, ...tests];

test.each<[rule: string, where: readonly string[], found: RegExp, example: string]>([
	[
		"nothing is exported a second time",
		inner,
		/^export\s+(type\s+)?(\*|\{[^}]*\})[^;\n]*\sfrom\s/gm,
		'export { a } from "./a.ts";',
	],
	[
		"an import is not handed on",
		inner,
		/^import [^;]*?\b(\w+)\b[^;]*;(?=[^]*^export \{[^}]*\b\1\b)/gm,
		'import { a } from "./a.ts";\nexport { a };',
	],
	["a leftover marker names its issue", everything, /\b(TODO|FIXME|XXX|HACK)\b(?!.*#\d)/g, "// TODO later"],
	[
		"no path leaves the repository",
		everything,
		/\b(read\w*|existsSync|join|resolve)\(\s*["'`]\.\.\/|["'`]\/(home|root|Users)\//g,
		'read("../elsewhere/x")',
	],
	["our own modules are not mocked", everything, /\bvi\.(mock|doMock)\(/g, 'vi.mock("../a.ts")'],
	[
		"an exported function says what it is for",
		code,
		/(?<!\*\/\n)^export (default )?(async )?function\b.*/gm,
		"export function a() {}",
	],
	[
		"a class only where the platform wants one",
		code,
		/^(export )?(default )?(abstract )?class \w+\b(?! extends (\w*Error|DurableObject|SessionObject|InstallationObject|WorkerEntrypoint|Component)\b).*/gm,
		"export class Agent {}",
	],
	[
		"names come from the field",
		code,
		/\b(?:function|const|type|class) \w*(?:Manager|Processor|Helper|Orchestrator|Utils?|Info)\b|\b(?:type|class) \w*Data\b/g,
		"const turnManager = 1;",
	],
])("%s", (_, where, found, example) => {
	expect(example.match(found)?.length).toBe(1);
	expect(where.flatMap((path) => offences(path, found))).toEqual([]);
});

test.each<[rule: string, where: readonly string[], linesMax: number]>([
	["no file is longer than 400 lines", everything, 400],
	["the session's object only wires", existing("durable-objects/session.ts"), 250],
	["the composition root only composes", existing("src/worker.ts"), 80],
])("%s", (_, where, linesMax) => {
	expect(where.filter((path) => lineCount(path) > linesMax)).toEqual([]);
});

test("file names come from the field", () => {
	const vague = /(^|[/-])(manager|processor|helpers?|utils?|common|misc|data|info|types|service|index)\.tsx?$/;
	expect(code.filter((path) => vague.test(path))).toEqual([]);
});

test("every folder in the layer table exists or is planned, and no other", () => {
	const planned = ["src/sandbox", "src/tools", "src/workspace"];
	const built = Object.keys(layers).filter((path) => !planned.includes(path));
	expect(built.filter((path) => !isBuilt(path))).toEqual([]);
	expect(planned.filter(isBuilt)).toEqual([]);

	const known = [...Object.keys(layers), "src/README.md", "src/decisions", "src/worker.ts"];
	expect(readdirSync("src").filter((name) => !known.includes(`src/${name}`))).toEqual([]);
});

test("every wire has a reader and a recording", () => {
	const union = readFileSync("src/backends/wire/wire.ts", "utf8").match(/WireName =([^;]*);/)?.[1] ?? "";
	const wires = [...union.matchAll(/"([^"]+)"/g)].map(([, name = ""]) => name);
	const recordings = existing("test/fixtures/wire").flatMap((path) => readdirSync(path));
	const recorded = (wire: string) =>
		recordings.some((name) => name.startsWith(wire) && filesUnder([`test/fixtures/wire/${name}`]).length > 0);
	expect(wires).not.toEqual([]);
	expect(wires.filter((wire) => !existsSync(`src/backends/wire/${wire}.ts`))).toEqual([]);
	expect(wires.filter((wire) => !recorded(wire))).toEqual([]);
});

test("every host has a recording in its own manner, and every recording says what is to be read", () => {
	const recorded = filesUnder(["test/fixtures/hosts"]);
	const bodies = recorded.filter((path) => !path.endsWith(".expected.json"));
	expect(Object.keys(hosts).filter((host) => !bodies.some((path) => path.includes(`/hosts/${host}/`)))).toEqual([]);
	const unsaid = bodies.filter((path) => !recorded.includes(path.replace(/\.\w+$/, ".expected.json")));
	expect([bodies.length * 2, unsaid]).toEqual([recorded.length, []]);
});

test("every bot has the same files", () => {
	const bots = readdirSync("bots", { withFileTypes: true })
		.filter((entry) => entry.isDirectory())
		.map(({ name }) => name);
	const wanted = bots.flatMap((bot) =>
		["receive", "work", "render", "deliver", "install"].map((file) => `bots/${bot}/${file}.ts`),
	);
	expect(wanted.filter((path) => !existsSync(path))).toEqual([]);
});

test("every decision says its context, the decision and its consequences", () => {
	const pages = existing("src/decisions").flatMap((path) => readdirSync(path));
	expect(pages.filter((name) => !/^\d{4}-[a-z0-9-]+\.md$/.test(name))).toEqual([]);
	const parts = ["Context", "Decision", "Consequences"];
	const lacking = (page: string) => parts.filter((part) => !new RegExp(`^(#+ |\\*\\*)${part}`, "m").test(page));
	const gaps = pages.flatMap((name) =>
		lacking(readFileSync(`src/decisions/${name}`, "utf8")).map((part) => `${name}: ${part}`),
	);
	expect(gaps).toEqual([]);
});

test("the README's commands exist", () => {
	const readme = readFileSync("README.md", "utf8");
	const commands = [...readme.matchAll(/\bnpm (?:run (?:--silent )?([\w:]+)|(start|test)\b)/g)];
	const names = new Set(commands.map(([, script, short]) => script ?? short ?? ""));
	expect(["start", "test"].filter((name) => !names.has(name))).toEqual([]);
	expect([...names].filter((name) => !(name in packageJson.scripts))).toEqual([]);
});

test("every script starts a file that exists", () => {
	const started = Object.values(packageJson.scripts).flatMap((script) => script.match(/[\w./-]+\.(ts|cjs)\b/g) ?? []);
	expect(started.filter((path) => !existsSync(path))).toEqual([]);
});

test("a release has one version wherever it stands, and a golden log", () => {
	const { version } = packageJson;
	const served = /^const version = "(.*)";$/m.exec(readFileSync("src/composed/parts.ts", "utf8"))?.[1];
	const locked = packageLock.packages[""].version;
	expect([served, packageLock.version, locked]).toEqual([version, version, version]);
	expect(readdirSync("test/logs").filter((name) => name.startsWith(`${version}-`)).length).toBeGreaterThan(0);
});

function offences(path: string, found: RegExp): string[] {
	const text = readFileSync(path, "utf8");
	return [...text.matchAll(found)].map(
		(match) => `${path}:${text.slice(0, match.index).split("\n").length} ${match[0].split("\n")[0]}`,
	);
}

function filesUnder(folders: readonly string[]): string[] {
	return folders.flatMap(existing).flatMap((folder) =>
		readdirSync(folder, { recursive: true, withFileTypes: true })
			.filter((entry) => entry.isFile())
			.map((entry) => `${entry.parentPath}/${entry.name}`),
	);
}

/** A file, or a folder with one in it: git knows no empty folder. */
function isBuilt(path: string): boolean {
	return isTypeScript(path) ? existsSync(path) : filesUnder([path]).length > 0;
}

function existing(path: string): string[] {
	return existsSync(path) ? [path] : [];
}

function isTypeScript(path: string): boolean {
	return /\.tsx?$/.test(path) && !path.endsWith(".d.ts");
}

function lineCount(path: string): number {
	return readFileSync(path, "utf8").replace(/\n$/, "").split("\n").length;
}
