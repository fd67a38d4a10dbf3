import { isJsonObject, type Json, type JsonObject } from "../../src/std/json.ts";
import type { FullUsage, SpokenWire } from "./fake-script.ts";

/** A request as a cache looks at it. */
export type Asked = { readonly wire: SpokenWire; readonly model: string; readonly body: JsonObject };

/** One piece of a prompt, in the order in which caches are keyed. `marked`: a breakpoint ends it. */
export type PromptBlock = { readonly text: string; readonly marked: boolean };

/** What a request takes and how much of it a cache held. From `begun` on others can read what it wrote. */
export type CacheUse = {
	readonly usage: Pick<FullUsage, "input" | "cached" | "written">;
	readonly begun: () => void;
};

/** A shorter prefix is not cached. */
export const cachedTokensMin = 1024;
const stepTokens = 128;
/** How far before a breakpoint Anthropic looks for the end of what is cached. */
const lookbackBlocks = 20;
const charactersPerToken = 4;
const promptsKeptMax = 1000;

/**
 * Caches as the providers keep them: by byte-equal prefix of tools, system and messages, per model and key, from 1,024
 * tokens on, readable once the response of the request that wrote them has begun. Anthropic, and OpenAI from gpt-5.6 on,
 * hold what ends at a breakpoint; all others hold any prefix, in steps of 128 tokens.
 */
export function fakeCaches(): (asked: Asked) => CacheUse {
	const kept: Kept[] = [];
	return (asked) => {
		const blocks = promptBlocks(asked);
		const scope = JSON.stringify([asked.wire, asked.model, asked.body["prompt_cache_key"] ?? null]);
		const prompt = { scope, text: textOf(blocks), ends: marksOf(blocks) };
		const others = kept.filter((other) => other.scope === scope);
		const { cached, written } = isMarked(asked)
			? readAtMarks(blocks, prompt.ends, others)
			: { cached: readAnywhere(prompt.text, others), written: null };
		const begun = (): void => {
			if (tokensOf(prompt.text.length) < cachedTokensMin) return;
			kept.push(prompt);
			if (kept.length > promptsKeptMax) kept.shift();
		};
		const usage = { input: tokensOf(prompt.text.length), cached };
		return { usage: written === null ? usage : { ...usage, written }, begun };
	};
}

/** Tokens of so many characters. */
export function tokensOf(characters: number): number {
	return Math.ceil(characters / charactersPerToken);
}

/** The prompt of a request, breakpoints taken out of the text. */
export function promptBlocks(asked: Asked): readonly PromptBlock[] {
	const { wire, body } = asked;
	const pieces = [...listOf(body["tools"]), ...systemOf[wire](body), ...messagesOf[wire](body)];
	const implicit = isImplicit(asked) ? pieces.findLastIndex(isTold) : -1;
	return pieces.map((piece, at) => ({
		text: JSON.stringify(piece, (key, value: Json) => (marks.has(key) ? undefined : value)),
		marked: at === implicit || isEnded(piece),
	}));
}

type Kept = { readonly scope: string; readonly text: string; readonly ends: readonly number[] };
type Pieces = (body: JsonObject) => readonly Json[];

const marks: ReadonlySet<string> = new Set(["cache_control", "prompt_cache_breakpoint"]);

/** A tool and a part of the system prompt carry their breakpoint themselves, a message in one of its parts. */
function isEnded(piece: Json): boolean {
	const part = isJsonObject(piece) ? (piece["part"] ?? piece) : null;
	return isJsonObject(part) && Object.keys(part).some((key) => marks.has(key));
}

const systemOf: Record<SpokenWire, Pieces> = {
	"anthropic-messages": ({ system }) => listOf(system),
	"openai-responses": ({ instructions }) => listOf(instructions),
	"openai-chat": () => [],
	"gemini-generate": ({ systemInstruction }) => listOf(systemInstruction),
	"gemini-interactions": ({ system_instruction: instruction }) => listOf(instruction),
};

const messagesOf: Record<SpokenWire, Pieces> = {
	"anthropic-messages": ({ messages }) => inParts(messages, "content"),
	"openai-responses": ({ input }) => inParts(input, "content"),
	"openai-chat": ({ messages }) => inParts(messages, "content"),
	"gemini-generate": ({ contents }) => inParts(contents, "parts"),
	"gemini-interactions": ({ input }) => inParts(input, "content"),
};

/** A message that has parts is as many pieces, each with what else the message says. */
function inParts(messages: Json | undefined, name: string): readonly Json[] {
	return listOf(messages).flatMap((message): readonly Json[] => {
		if (!isJsonObject(message) || !Array.isArray(message[name])) return [message];
		const { [name]: parts, ...rest } = message;
		return listOf(parts).map((part) => ({ ...rest, part }));
	});
}

function listOf(value: Json | undefined): readonly Json[] {
	if (value === undefined || value === null || value === "") return [];
	return Array.isArray(value) ? value : [value];
}

function isMarked(asked: Asked): boolean {
	return asked.wire === "anthropic-messages" || isImplicit(asked);
}

/** OpenAI's newer models set a breakpoint of their own at the end of what they were told last. */
function isImplicit({ wire, model }: Asked): boolean {
	return wire === "openai-responses" && /^gpt-(5\.[6-9]|[6-9])/.test(model);
}

function isTold(piece: Json): boolean {
	return isJsonObject(piece) && (piece["role"] === "user" || piece["type"] === "function_call_output");
}

function textOf(blocks: readonly PromptBlock[]): string {
	return blocks.map(({ text }) => text).join("");
}

/** Where breakpoints end prefixes that are long enough, in characters. */
function marksOf(blocks: readonly PromptBlock[]): readonly number[] {
	return endsOf(blocks).filter((end, at) => blocks[at]?.marked === true && tokensOf(end) >= cachedTokensMin);
}

function endsOf(blocks: readonly PromptBlock[]): readonly number[] {
	let end = 0;
	return blocks.map(({ text }) => (end += text.length));
}

function readAtMarks(blocks: readonly PromptBlock[], ends: readonly number[], others: readonly Kept[]) {
	const text = textOf(blocks);
	const near = endsOf(blocks).filter((_, at) => blocks.slice(at, at + lookbackBlocks).some(({ marked }) => marked));
	const isKept = (end: number) =>
		others.some((other) => other.ends.includes(end) && other.text.slice(0, end) === text.slice(0, end));
	const cached = tokensOf(near.findLast(isKept) ?? 0);
	return { cached, written: Math.max(0, tokensOf(ends.at(-1) ?? 0) - cached) };
}

function readAnywhere(text: string, others: readonly Kept[]): number {
	const common = Math.max(0, ...others.map((other) => commonPrefix(text, other.text)));
	const tokens = Math.floor(common / charactersPerToken);
	return tokens < cachedTokensMin ? 0 : tokens - (tokens % stepTokens);
}

function commonPrefix(one: string, other: string): number {
	const shorter = Math.min(one.length, other.length);
	for (let at = 0; at < shorter; at++) if (one[at] !== other[at]) return at;
	return shorter;
}
