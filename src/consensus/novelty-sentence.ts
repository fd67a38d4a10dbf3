import {
	balancedRewrites,
	leadIns,
	strictRewrites,
	talkClauses,
	talkCore,
	talkOpeners,
	talkWords,
} from "./novelty-words.ts";
import type { Phrases } from "./novelty-words.ts";

/**
 * A sentence as the words that carry meaning, in order. Words are only ever dropped or exchanged by the lists of
 * `novelty-words.ts`, so a word that nobody thought of keeps two sentences apart.
 */
export function canonicalSentence(tokens: readonly string[], level: "balanced" | "strict"): string[] {
	const said = withoutLeadIn(withoutTalk(tokens));
	const plain = rewritten(folded(subjectFirst(possessivesResolved(said))), balancedRewrites);
	const full = level === "strict" ? rewritten(plain, strictRewrites) : plain;
	return withoutIdleCommas(withoutArticles(full)).map(bareCode);
}

/** Words, numbers and signs. Code in backticks is one token that begins with a backtick. */
export function tokensOf(sentence: string): string[] {
	const text = sentence
		.replace(/[’‘]/gu, "'")
		.replace(/[–−]/gu, "-")
		.replace(/:(?=\s|$)|：/gu, layoutColon);
	const quotesCount = /[=(){}[\]<>;\\/$@]/u.test(text);
	const tokens = [...text.matchAll(tokenShape)].map((match) => match[0]);
	// After a digit a straight quote is a unit: feet, inches, minutes.
	const isLayout = (token: string, index: number): boolean =>
		/^["“”„«»']$/u.test(token) && (/^[“”„«»]$/u.test(token) || !/^\d/u.test(tokens[index - 1] ?? ""));
	return tokens.filter((token, index) => quotesCount || !isLayout(token, index)).flatMap(spelled);
}

/** Lower case where a capital is only that of a sentence's beginning: "IT" and "mW" stay. */
export function lowered(token: string): string {
	return /^\p{Lu}\p{Ll}+$/u.test(token) ? token.toLowerCase() : token;
}

// A colon inside an expression ("a[:n]") is kept, one at the end of a word is layout. Scripts without spaces between words are read character by character.
const tokenShape =
	/`[^`\n]{1,2000}`|\d+(?:[.,:]\d+)*|[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}]|[[\p{L}\p{M}\p{N}_]--[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}]]+(?:[\-'.][[\p{L}\p{M}\p{N}_]--[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}]]+)*|\S/gv;

/** A colon at the end of a word; one inside an expression is the sign itself. */
const layoutColon = "\uE000";

const signs: ReadonlyMap<string, string> = new Map([
	["，", ","],
	["、", ","],
	["—", ","],
	["（", "("],
	["）", ")"],
	["？", "?"],
	["×", "*"],
	["⋅", "*"],
	["÷", "/"],
]);

function spelled(token: string): string[] {
	if (/^\d/u.test(token)) return [plainNumber(token)];
	const sign = signs.get(token) ?? token;
	return contraction(sign);
}

/** 1,000 = 1000 = 1000.0. Not 3.10 = 3.1 (a version), nor 1.000 = 1 (a thousand, in German). */
function plainNumber(number: string): string {
	const plain = /^[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?$/u.test(number) ? number.replaceAll(",", "") : number;
	return /^\d+\.0{1,2}$/u.test(plain) ? plain.slice(0, plain.indexOf(".")) : plain;
}

const openVerbs: ReadonlyMap<string, string> = new Map([
	["can", "ca"],
	["will", "wo"],
	["shall", "sha"],
]);

function contraction(word: string): string[] {
	const cut = /^(\p{L}+)(n't|'re|'ve|'ll)$/u.exec(word);
	if (cut === null) return pronounIs(word);
	const [, stem = "", end = ""] = cut;
	if (end === "'re") return [stem, "are"];
	if (end === "'ve") return [stem, "have"];
	if (end === "'ll") return [stem, "will"];
	const open = [...openVerbs].find(([, short]) => short === stem.toLowerCase());
	return [open?.[0] ?? stem, "not"];
}

function pronounIs(word: string): string[] {
	if (word === "cannot") return ["can", "not"];
	if (word === "I'm") return ["I", "am"];
	const cut = /^(it|that|there|here|he|she|what|who|where)'s$/iu.exec(word);
	return cut === null ? [word] : [cut[1] ?? word, "is"];
}

/** Takes off clauses that only talk about talking ("I agree with the others:"), at both ends; at most 3 of each. */
function withoutTalk(tokens: readonly string[]): string[] {
	let rest = [...tokens];
	for (let cuts = 0; cuts < 3; cuts += 1) {
		const end = rest.findIndex((token) => token === "," || token === layoutColon);
		const clause = end === -1 ? rest : rest.slice(0, end);
		if (!isTalk(clause)) break;
		rest = rest.slice(clause.length + 1);
	}
	for (let cuts = 0; cuts < 3; cuts += 1) {
		const start = rest.findLastIndex((token) => token === "," || token === layoutColon);
		if (start === -1 || !isTalk(rest.slice(start + 1))) break;
		rest = rest.slice(0, start);
	}
	return rest;
}

function isTalk(clause: readonly string[]): boolean {
	const words = clause.map((token) => token.toLowerCase());
	if (talkClauses.has(words.join(" "))) return true;
	const opener = words[0] === "the" ? words[1] : words[0];
	if (!talkOpeners.has(opener ?? "") || isDuty(words)) return false;
	return (
		words.some((word) => talkCore.has(word)) &&
		words.every((word) => talkCore.has(word) || talkWords.has(word) || talkOpeners.has(word))
	);
}

/** "We have to answer": a step, not talk. */
function isDuty(words: readonly string[]): boolean {
	return words.some((word, index) => word === "to" && /^(?:have|has|am|is|are|be)$/u.test(words[index - 1] ?? ""));
}

/** Takes off "I think that", "So the answer is" and the like; at most 3 of them. */
function withoutLeadIn(tokens: readonly string[]): string[] {
	let rest = [...tokens];
	for (let cuts = 0; cuts < 3; cuts += 1) {
		const length = matchLength([lowered(rest[0] ?? ""), ...rest.slice(1, 12)], 0, leadIns);
		if (length === 0 || length === rest.length) break;
		rest = rest.slice(length);
		while (rest[0] === "," || rest[0] === layoutColon) rest = rest.slice(1);
	}
	return rest;
}

/** A lone capitalised word is left as it is: it may be a name ("Turkey", "Polish"). */
function folded(tokens: readonly string[]): string[] {
	if (tokens.length < 3) return [...tokens];
	return tokens.map((token, index) => (index === 0 ? lowered(token) : token));
}

/** "Peru's capital" is "the capital of Peru". */
function possessivesResolved(tokens: readonly string[]): string[] {
	const first = tokens[0] ?? "";
	const owner = /^(\p{L}+)'s$/u.exec(first)?.[1];
	const owned = tokens[1];
	if (owner === undefined || owned === undefined || !/^(?:is|are|was|were)$/u.test(tokens[2] ?? ""))
		return [...tokens];
	return ["the", owned, "of", owner, ...tokens.slice(2)];
}

/** The longest listed phrase at each place is exchanged for what the list says. */
function rewritten(tokens: readonly string[], phrases: Phrases): string[] {
	const written: string[] = [];
	for (let index = 0; index < tokens.length; index += 1) {
		const length = matchLength(tokens, index, phrases);
		if (length === 0) written.push(tokens[index] ?? "");
		else {
			const replacement = phrases.says.get(tokens.slice(index, index + length).join(" ")) ?? "";
			written.push(...replacement.split(" ").filter((word) => word !== ""));
			index += length - 1;
		}
	}
	return written;
}

function matchLength(tokens: readonly string[], from: number, phrases: Phrases): number {
	const longest = phrases.longest.get(tokens[from] ?? "") ?? 0;
	for (let length = Math.min(longest, tokens.length - from); length > 0; length -= 1) {
		if (phrases.says.has(tokens.slice(from, from + length).join(" "))) return length;
	}
	return 0;
}

/**
 * "Lima is the capital of Peru" is "the capital of Peru is Lima": with one copula and one side definite, both say which
 * thing has the description. Never by words alone: "Tom is the father of Bob" keeps who is whose.
 */
function subjectFirst(tokens: readonly string[]): string[] {
	const copulas = tokens.flatMap((token, index) => (/^(?:is|are|was|were)$/u.test(token) ? [index] : []));
	const [at] = copulas;
	const isOneClause =
		copulas.length === 1 &&
		!tokens.some((token) => [",", ":", layoutColon, "?", "if", "when", "but"].includes(token));
	if (at === undefined || !isOneClause || lowered(tokens[0] ?? "") === "the" || tokens[at + 1] !== "the")
		return [...tokens];
	return [...tokens.slice(at + 1), ...tokens.slice(at, at + 1), ...tokens.slice(0, at)];
}

/** "a" stays: it may be a name ("2a", "chlorophyll a"). */
function withoutArticles(tokens: readonly string[]): string[] {
	return tokens.filter((token) => token !== "the").map((token) => (token === "an" ? "a" : token));
}

/** Commas stay where they can tell who says what; not at the ends, not doubled, not before "and". */
function withoutIdleCommas(tokens: readonly string[]): string[] {
	const kept = tokens.filter((token) => token !== layoutColon);
	const isIdle = (index: number): boolean => {
		const next = kept[index + 1];
		return index === 0 || next === undefined || next === "," || next === "and" || next === "or";
	};
	return kept.filter((token, index) => token !== "," || !isIdle(index));
}

/** `map` is map; an expression in backticks stays whole. */
function bareCode(token: string): string {
	return /^`[\p{L}\p{N}_.]+`$/u.test(token) ? token.slice(1, -1) : token;
}
