import { expect, test } from "vitest";
import { comparedBreaksMax, comparedCharsMax, isCopy, sameText } from "../../src/consensus/novelty.ts";
import type { NoveltyLevel } from "../../src/consensus/novelty.ts";
import { pairs } from "./novelty-pairs.ts";
import type { Category, Pair } from "./novelty-pairs.ts";

const levels: readonly NoveltyLevel[] = ["lenient", "balanced", "strict"];
const judged: readonly ["balanced" | "strict", number, number][] = [
	["balanced", 0.7, 0.2],
	["strict", 0.5, 0.25],
];

test.each<[string, string, string]>([
	["white space runs collapse and the ends are trimmed", " a \t\n b\u00a0c ", "a b c"],
	["a composed and a decomposed letter are the same", "Cafe\u0301", "Café"],
	["a superscript is not a digit", "x²", "x²"],
	["a ligature and a full-width digit stay", "ﬁve ５", "ﬁve ５"],
	["case stays", "US us", "US us"],
	["punctuation stays", "Yes.", "Yes."],
	["nothing stays nothing", " \n", ""],
])("the identity key of P6: %s", (_, text, expected) => expect(sameText(text)).toBe(expected));

test.each(pairs().map((pair) => [pair.category, beginning(pair.candidate), pair] as const))(
	"no false copy (%s): %s",
	(_category, _beginning, pair) => {
		const falseCopies = levels.filter((level) =>
			isFalseCopy(pair, level, isCopy(pair.candidate, pair.existing, level)),
		);
		const reversed = levels.filter((level) =>
			isFalseCopy(pair, level, isCopy(pair.existing, pair.candidate, level)),
		);
		expect([falseCopies, reversed]).toEqual([[], []]);
	},
);

test.each(judged)(
	"at %s no word overlap of the baseline does better, and few copies are missed",
	(level, baselineOverlap, missedShareMax) => {
		const rows = pairs();
		const ours = countsOf(rows, level, (pair) => isCopy(pair.candidate, pair.existing, level));
		const baseline = countsOf(rows, level, (pair) => wordOverlap(pair.candidate, pair.existing) > baselineOverlap);
		console.log(printed(level, baselineOverlap, rows, { ours, baseline }));
		const copies = rows.filter((pair) => isIdeallyCopy(pair, level)).length;
		expect(sum(ours, "falseCopies")).toBe(0);
		expect(sum(ours, "falseNews") / copies).toBeLessThanOrEqual(missedShareMax);
		expect([sum(baseline, "falseCopies") > 0, sum(ours, "falseNews") < sum(baseline, "falseNews")]).toEqual([
			true,
			true,
		]);
	},
);

test("the table is large enough to say something", () => {
	const rows = pairs();
	const shares = [
		rows.length >= 120,
		new Set(rows.map((pair) => `${pair.existing}\0${pair.candidate}`)).size === rows.length,
	];
	expect(shares).toEqual([true, true]);
});

test("a copy at one level is a copy at every stricter one", () => {
	const broken = pairs().filter((pair) => {
		const [lenient, balanced, strict] = levels.map((level) => isCopy(pair.candidate, pair.existing, level));
		return (lenient && !balanced) || (balanced && !strict);
	});
	expect(broken).toEqual([]);
});

test.each(levels)("at %s every text is a copy of itself, and judging is symmetric", (level) => {
	const rows = pairs();
	const strange = rows.filter(
		(pair) =>
			!isCopy(pair.existing, pair.existing, level) ||
			isCopy(pair.existing, pair.candidate, level) !== isCopy(pair.candidate, pair.existing, level),
	);
	expect(strange).toEqual([]);
});

test.each(levels)("at %s one changed digit is never a copy, however the text is padded", (level) => {
	const wrong = seededTexts(200).filter(
		({ text, changed }) =>
			isCopy(changed, text, level) || isCopy(`I agree with the previous answer. ${changed}`, text, level),
	);
	expect(wrong).toEqual([]);
});

test.each(levels)("at %s one changed digit anywhere in the table's texts is never a copy", (level) => {
	const texts = [...new Set(pairs().flatMap((pair) => [pair.existing, pair.candidate]))];
	const wrong = texts.flatMap((text) => digitChanges(text).filter((changed) => isCopy(changed, text, level)));
	expect(wrong).toEqual([]);
});

test.each(levels)("at %s two numbers, two names, or a negation more are never a copy", (level) => {
	const texts = [...new Set(pairs().flatMap((pair) => [pair.existing, pair.candidate]))];
	const changes = texts.flatMap((text) => [
		...swaps(text, /\d+(?:[.,]\d+)*/gu),
		...swaps(text, /(?<=\p{Ll} )\p{Lu}\p{Ll}+/gu),
		...[...text.matchAll(/ (?:is|are|has|can|does) /gu)].map(({ index, 0: verb }) => ({
			text,
			changed: `${text.slice(0, index)}${verb}not ${text.slice(index + verb.length)}`,
		})),
	]);
	expect([changes.length > 200, changes.filter(({ text, changed }) => isCopy(changed, text, level))]).toEqual([
		true,
		[],
	]);
});

test.each(levels)("at %s no word of a dense fact can be left out", (level) => {
	const words =
		"Only adult patients without fever should never take more than 20 mg of Ibuprofen twice before noon".split(" ");
	const shortened = words.map((_, index) => words.toSpliced(index, 1).join(" "));
	expect(shortened.filter((text) => isCopy(text, words.join(" "), level))).toEqual([]);
});

test("texts at the limit are judged, longer ones only by identity", () => {
	const line = "- The shelf holds green books about rivers\n";
	const rows = Math.floor(comparedCharsMax / line.length) - 1;
	const atMax = line.repeat(rows).padEnd(comparedCharsMax, "x");
	const pastMax = `${atMax}x`;
	const judgements = [
		isCopy(starred(atMax), atMax, "balanced"),
		isCopy(starred(pastMax), pastMax, "balanced"),
		isCopy(`${pastMax} `, pastMax, "balanced"),
	];
	expect(judgements).toEqual([true, false, true]);
});

test("texts of as many pieces as the limit are judged, of more only by identity", () => {
	const atMax = "- a b\n".repeat(comparedBreaksMax);
	const pastMax = `${atMax}\n`;
	const judgements = [
		isCopy(starred(atMax), atMax, "strict"),
		isCopy(starred(pastMax), pastMax, "strict"),
		isCopy(atMax, pastMax, "strict"),
	];
	expect(judgements).toEqual([true, false, true]);
});

test.each<[string, string]>([
	["prose", "The rivers of Peru carry 17 kinds of fish, said Ana, and none of them is blue. "],
	["open emphasis", "**a "],
	["stars", "*"],
	["open fences", "```\n"],
	["backticks", "`"],
	["commas", ","],
	["digits", "7"],
	["digit groups", "1,"],
	["list items", "- a\n"],
	["numbered items", "1. a\n"],
	["deep indentation", "```\n a\n  b\n   c\n    d\n"],
	["talk", "I agree, "],
	["lead-ins", "I think that "],
	["Chinese", "答案是"],
	["quotes", '" '],
	["line breaks", "\n"],
	["spaces", " "],
	["brackets", ')." '],
	["stops", ". "],
	["exclamations", "a!"],
	["exclamation marks", "!"],
	["hyphens", "a-"],
	["quote marks at line starts", "> "],
	["colons", ": "],
])("the longest text of %s is judged before the runner's patience ends", (_, piece) => {
	const text = piece.repeat(Math.ceil(comparedCharsMax / piece.length)).slice(0, comparedCharsMax - 1);
	// What must not happen is quadratic time: it would take minutes, and the runner ends a test long before.
	expect([`${text}x`, text].map((other) => isCopy(other, text, "strict"))).toEqual([false, true]);
});

function beginning(text: string): string {
	return text.replace(/\s+/gu, " ").slice(0, 60);
}

function starred(text: string): string {
	return text.replace("- ", "* ");
}

type Counts = ReadonlyMap<Category, { readonly falseCopies: number; readonly falseNews: number }>;

function isIdeallyCopy(pair: Pair, level: NoveltyLevel): boolean {
	if (level === "lenient") return sameText(pair.existing) === sameText(pair.candidate);
	return pair.ideal === "copy" || (pair.ideal === "strict" && level === "strict");
}

function isFalseCopy(pair: Pair, level: NoveltyLevel, saysCopy: boolean): boolean {
	// A paraphrase refused already at balanced is early, but nothing is lost by it.
	return saysCopy && (level === "lenient" ? !isIdeallyCopy(pair, level) : pair.ideal === "news");
}

function countsOf(rows: readonly Pair[], level: NoveltyLevel, saysCopy: (pair: Pair) => boolean): Counts {
	const counts = new Map<Category, { falseCopies: number; falseNews: number }>();
	for (const pair of rows) {
		const count = counts.get(pair.category) ?? { falseCopies: 0, falseNews: 0 };
		counts.set(pair.category, count);
		const copy = saysCopy(pair);
		if (isFalseCopy(pair, level, copy)) count.falseCopies += 1;
		if (!copy && isIdeallyCopy(pair, level)) count.falseNews += 1;
	}
	return counts;
}

function sum(counts: Counts, column: "falseCopies" | "falseNews"): number {
	return [...counts.values()].reduce((total, count) => total + count[column], 0);
}

function printed(
	level: string,
	overlap: number,
	rows: readonly Pair[],
	judges: { readonly ours: Counts; readonly baseline: Counts },
): string {
	const body = [...judges.ours].map(([category, count]) => {
		const size = rows.filter((pair) => pair.category === category).length;
		const base = judges.baseline.get(category) ?? { falseCopies: 0, falseNews: 0 };
		return tableRow([category, size, count.falseCopies, count.falseNews, base.falseCopies, base.falseNews]);
	});
	const { ours, baseline } = judges;
	const totals = tableRow([
		"all",
		rows.length,
		sum(ours, "falseCopies"),
		sum(ours, "falseNews"),
		sum(baseline, "falseCopies"),
		sum(baseline, "falseNews"),
	]);
	return [
		`novelty "${level}" against word-set overlap > ${overlap}`,
		tableRow(["", "pairs", "false copies", "false news", "base copies", "base news"]),
		...body,
		totals,
	].join("\n");
}

function tableRow(cells: readonly (string | number)[]): string {
	return cells.map((cell, index) => (index === 0 ? String(cell).padEnd(12) : String(cell).padStart(13))).join("");
}

/** The share of words two texts have in common, whatever their order: what this judgement has to beat. */
function wordOverlap(left: string, right: string): number {
	const [a, b] = [left, right].map((text) => new Set(text.toLowerCase().split(/\s+/u)));
	const common = [...(a ?? [])].filter((word) => b?.has(word)).length;
	return common / Math.max(1, (a?.size ?? 0) + (b?.size ?? 0) - common);
}

/** The text with each two different matches exchanged. */
function swaps(text: string, shape: RegExp): { text: string; changed: string }[] {
	const found = [...text.matchAll(shape)];
	return found.flatMap((left, index) =>
		found
			.slice(index + 1)
			.filter((right) => right[0] !== left[0])
			.map((right) => ({
				text,
				changed: [
					text.slice(0, left.index),
					right[0],
					text.slice(left.index + left[0].length, right.index),
					left[0],
					text.slice(right.index + right[0].length),
				].join(""),
			})),
	);
}

function digitChanges(text: string): string[] {
	return [...text.matchAll(/\d/gu)].flatMap(({ index }) =>
		[1, 5].map((step) => `${text.slice(0, index)}${(Number(text[index]) + step) % 10}${text.slice(index + 1)}`),
	);
}

function seededTexts(count: number): { text: string; changed: string }[] {
	const random = seeded(20_240_711);
	const pick = <T>(items: readonly T[]): T => {
		const item = items[Math.floor(random() * items.length)];
		if (item === undefined) throw new Error("nothing to pick from");
		return item;
	};
	const number = (): string =>
		pick([
			(): string => String(Math.floor(random() * 1000)),
			(): string => (random() * 100).toFixed(2),
			(): string => `${1 + Math.floor(random() * 9)},000`,
			(): string => `${Math.floor(random() * 30)}.0`,
		])();
	const sentence = (): string =>
		pick([
			(): string => `The price of ${pick(["tea", "rice", "oil"])} is ${number()} euros.`,
			(): string => `- ${pick(["Oslo", "Lima", "Quito"])} has ${number()} people`,
			(): string => `${number()} + ${number()} = ${number()}`,
			(): string => `Use \`f(${number()})\` here.`,
			(): string => `\`\`\`py\nx = ${number()}\n\`\`\``,
			(): string => `1. Wait ${number()} seconds.`,
			(): string => `**Answer:** ${number()}`,
			(): string => `这里有${number()}个。`,
			(): string => `Der Zug braucht ${number()} Minuten.`,
		])();
	return Array.from({ length: count }, () => {
		const text = Array.from({ length: 1 + Math.floor(random() * 12) }, sentence).join("\n");
		return { text, changed: pick(digitChanges(text)) };
	});
}

function seeded(seed: number): () => number {
	let state = seed;
	return () => {
		state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
		return state / 2 ** 32;
	};
}
