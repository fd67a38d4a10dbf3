import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import type { hosts } from "../../src/backends/hosts.ts";
import { rowNamed } from "../../src/backends/models/model-names.ts";
import { modelTraits, type ModelTable, type ModelTrait } from "../../src/backends/models/models.ts";

/**
 * `npx node test/support/update-models.ts FOLDER` writes the table of models anew, from an unpacked
 * `@earendil-works/pi-ai` (MIT): `npm pack @earendil-works/pi-ai@1.5.2` and `tar xzf` it.
 */

const file = "src/backends/models/model-table.json";

/** Where the source keeps each host's models. A host of one's own, or of a person's account, has no catalogue. */
const catalogues: Readonly<Partial<Record<keyof typeof hosts, string>>> = {
	anthropic: "anthropic",
	openai: "openai",
	gemini: "google",
	xai: "xai",
	zai: "zai",
	cerebras: "cerebras",
	fireworks: "fireworks",
	groq: "groq",
	openrouter: "openrouter",
	together: "together",
	deepseek: "deepseek",
	moonshot: "moonshotai",
	mistral: "mistral",
	"workers-ai": "cloudflare-workers-ai",
};

/** The fields of the source's rows that are used here. Its `chat` models all take tools, by its README. */
type Listed = {
	readonly type: "chat" | "image" | "classifier";
	readonly id: string;
	readonly reasoning?: boolean;
	readonly input?: readonly string[];
	readonly thinkingLevelMap?: Readonly<Record<string, string | null>>;
	readonly compat?: { readonly forceAdaptiveThinking?: boolean; readonly supportsTemperature?: boolean };
};

/** The table of an unpacked package. */
function modelTable(folder: string): ModelTable {
	const { name, version } = read(`${folder}/package.json`) as { name: string; version: string };
	const data = `${folder}/dist/providers/data`;
	const { generatedAt } = read(`${data}/.manifest.json`) as { generatedAt: string };
	const rows = Object.entries(catalogues).map(([backend, catalogue]) => {
		const groups = read(`${data}/${catalogue}.json`) as Readonly<Record<string, Readonly<Record<string, Listed>>>>;
		return [
			backend,
			modelRows(
				backend,
				Object.values(groups).flatMap((group) => Object.values(group)),
			),
		] as const;
	});
	return { source: `${name} ${version}`, date: generatedAt.slice(0, 10), rows: Object.fromEntries(rows) };
}

function read(path: string): unknown {
	return JSON.parse(readFileSync(path, "utf8"));
}

/** The models of one host by their traits, without those that the name of another stands for. */
export function modelRows(backend: string, listed: readonly Listed[]): ModelTable["rows"][string] {
	const traits = new Map(
		listed
			.filter(isCalled)
			.toSorted(chatLast)
			.map((model) => [key(model), traitsOf(backend, model)]),
	);
	const needed = [...traits].filter(([name, own]) => rowNamed(without(traits, name), name.slice(0, -1)) !== own);
	const groups = Map.groupBy(needed, ([, own]) => own);
	const sorted = [...groups].toSorted(([a], [b]) => (a < b ? -1 : 1));
	return Object.fromEntries(sorted.map(([own, names]) => [own, names.map(([name]) => name.slice(0, -1)).toSorted()]));
}

/** A batch is no call. */
function isCalled({ id }: Listed): boolean {
	return !id.endsWith(":batch");
}

/** Some models are listed twice, as what they are besides. */
function chatLast(a: Listed, b: Listed): number {
	return Number(a.type === "chat") - Number(b.type === "chat");
}

function key({ id }: Listed): string {
	return `${id.toLowerCase()}*`;
}

/** A snapshot that is like the name it is one of need not be listed. */
function without(traits: ReadonlyMap<string, string>, name: string): ReadonlyMap<string, string> {
	return new Map([...traits].filter(([other]) => other !== name));
}

function traitsOf(backend: string, model: Listed): string {
	return modelTraits.filter((trait) => has[trait](backend, model)).join(" ");
}

const has: Readonly<Record<ModelTrait, (backend: string, model: Listed) => boolean>> = {
	tools: (_, { type }) => type === "chat",
	reasoning: (_, { reasoning }) => reasoning === true,
	images: (_, { input }) => input?.includes("image") === true,
	files: (backend, model) => has.images(backend, model) && readingFiles[backend]?.test(model.id) === true,
	structured_output: (backend, { type, id }) => type === "chat" && keepingToSchemas[backend]?.test(id) === true,
	fixed_temperature: (backend, { id, compat }) =>
		compat?.supportsTemperature === false || (backend === "anthropic" && fable.test(id)),
	adaptive_only: (backend, { id, compat }) =>
		backend === "anthropic" && compat?.forceAdaptiveThinking === true && !takingBoth.test(id),
	budget_only: (backend, { reasoning, compat }) =>
		backend === "anthropic" && reasoning === true && compat?.forceAdaptiveThinking !== true,
	always_thinking: (backend, { thinkingLevelMap }) => backend === "anthropic" && thinkingLevelMap?.["off"] === null,
};

// What follows the source does not know; each is from the host's own pages.

/** At OpenAI a model that sees reads PDFs: https://developers.openai.com/api/docs/guides/pdf-files */
const readingFiles: Readonly<Record<string, RegExp>> = { anthropic: /^claude/, openai: /^/, gemini: /^gemini/ };

/** A JSON Schema that is kept to beside tools. Claude from 4.5, GPT from 4o of August 2024, Gemini from 3. */
const keepingToSchemas: Readonly<Record<string, RegExp>> = {
	anthropic: /^claude/,
	openai: /^(?!gpt-4$|gpt-4-turbo|gpt-4o-2024-05-13)/,
	gemini: /^gemini-(?![12]\.|robotics)/,
};

/** Claude takes no temperature from Opus 4.7 on, and Fable never did. */
const fable = /^claude-fable/;

/** These two still take a budget, which is deprecated. */
const takingBoth = /^claude-(opus|sonnet)-4-6/;

if (import.meta.main) {
	const [folder = ""] = process.argv.slice(2);
	writeFileSync(file, JSON.stringify(modelTable(folder)));
	execFileSync("oxfmt", [file]);
	console.log(`${file}: ${readFileSync(file).length} bytes`);
}
