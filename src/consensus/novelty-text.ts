import { blocksOf } from "./novelty-blocks.ts";
import type { Block } from "./novelty-blocks.ts";
import { canonicalSentence, lowered, tokensOf } from "./novelty-sentence.ts";
import {
	orderWords,
	pointingOpeners,
	pointingWords,
	procedureVerbs,
	statingVerbs,
	superlativeLookalikes,
} from "./novelty-words.ts";

/** A text reduced to what it says. `ordered`: its order is part of what it says, so only `inOrder` may be compared. */
export type JudgedText = { readonly inOrder: string; readonly sorted: string; readonly ordered: boolean };

/** One sentence or one list item, with what decides whether it may change places with its neighbours. */
type Unit = { readonly text: string; readonly movable: boolean; readonly tellsOrder: boolean };

/** What a text says at a level of novelty, in its own order and in one independent of the order of free units. */
export function judgedText(text: string, level: "balanced" | "strict"): JudgedText {
	const blocks = blocksOf(text.normalize("NFC"));
	const groups = groupsOf(blocks).map((group) => group.flatMap((block) => unitsOf(block, level)));
	const all = groups.flat();
	const units = all.map((unit) => unit.text);
	const repeats = !differInNumbersOnly(units);
	return {
		inOrder: joined(repeats ? withoutClosingEcho(units) : units),
		sorted: joined(repeats ? withoutClosingEcho(groups.flatMap(settledGroup)) : units),
		ordered: all.some((unit) => unit.tellsOrder),
	};
}

/** Runs of the same kind of block: only inside such a run may units change places, so none leaves its heading. */
function groupsOf(blocks: readonly Block[]): Block[][] {
	const groups: Block[][] = [];
	for (const block of blocks) {
		const group = groups.at(-1);
		const before = group?.at(-1);
		const joins = before !== undefined && before.kind === block.kind && before.indent === block.indent;
		if (group !== undefined && joins && (block.kind === "item" || block.kind === "prose")) group.push(block);
		else groups.push([block]);
	}
	return groups;
}

function unitsOf(block: Block, level: "balanced" | "strict"): Unit[] {
	if (block.kind === "code") return [{ text: block.text, movable: false, tellsOrder: false }];
	const read = block.sentences.map((sentence) => ({ sentence, tokens: tokensOf(sentence) }));
	const units = read
		.map(({ sentence, tokens }) => unitOf(sentence, tokens, level))
		.filter((unit) => unit.text !== "");
	const tellsOrder = block.kind === "numbered" || units.some((unit) => unit.tellsOrder);
	if (block.kind !== "item" || units.length === 0) return units.map((unit) => ({ ...unit, tellsOrder }));
	const isFree = isFreeItem(read.flatMap(({ tokens }) => tokens.map(lowered))) && !block.sentences.some(isWorking);
	return [{ text: joined(units.map((unit) => unit.text)), movable: isFree, tellsOrder }];
}

function unitOf(sentence: string, tokens: readonly string[], level: "balanced" | "strict"): Unit {
	const text = canonicalSentence(tokens, level).join(" ");
	const words = tokens.map(lowered);
	const [opener = ""] = words;
	const points =
		words.some((word) => pointingWords.has(word)) || pointingOpeners.has(opener) || sentence.endsWith(":");
	// "The population" speaks of the sentence before; "the capital of Peru" speaks for itself.
	const leans = opener === "the" && !words.includes("of");
	const states = words.some((word) => statingVerbs.has(word));
	return {
		text,
		movable: states && !points && !leans && !isShort(text) && !isWorking(sentence),
		tellsOrder: words.some(isOrderWord),
	};
}

/** A bare name in a list may be its rank, and a list of imperatives may be a procedure. */
function isFreeItem(words: readonly string[]): boolean {
	return words.length >= 2 && !words.some((word) => pointingWords.has(word)) && !procedureVerbs.has(words[0] ?? "");
}

/** "Smith", "Yes": too little to stand anywhere else, and often the end of an abbreviation. */
function isShort(text: string): boolean {
	return text.split(" ").length < 3;
}

/** Assignments and derivations: what stands in line 2 may rest on line 1. */
function isWorking(sentence: string): boolean {
	return /[={}\\]|->|=>/u.test(sentence);
}

function settledGroup(group: readonly Unit[]): string[] {
	const texts = group.map((unit) => unit.text);
	if (!group.every((unit) => unit.movable)) return texts;
	return [...new Set(texts)].toSorted();
}

/** An answer often ends by repeating its opening sentence. */
function withoutClosingEcho(units: readonly string[]): string[] {
	const last = units.at(-1);
	const echoes = units.length > 1 && last === units[0] && last !== undefined && !isShort(last);
	return echoes ? units.slice(0, -1) : [...units];
}

/** "The price is 5. The price is 6.": which one stands where is then the point, so nothing may move or be dropped. */
function differInNumbersOnly(units: readonly string[]): boolean {
	const seen = new Map<string, string>();
	for (const unit of units) {
		const shape = unit.replace(/\d+(?:[.,:]\d+)*/gu, "#");
		const before = seen.get(shape);
		if (before !== undefined && before !== unit) return true;
		seen.set(shape, unit);
	}
	return false;
}

function isOrderWord(word: string): boolean {
	return orderWords.has(word) || (/^\p{L}{3,}est$/u.test(word) && !superlativeLookalikes.has(word));
}

function joined(units: readonly string[]): string {
	return units.join("\n");
}
