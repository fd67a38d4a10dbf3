/** One key of the pocket calculator; a number is keyed in whole. */
export type Key = number | "+" | "-" | "*" | "/" | "^" | "%" | "(" | ")" | "more" | "less";

/** Reads a question word by word onto the calculator's tape; null at a word that is on no key. */
export function keystrokes(question: string): { readonly keys: readonly Key[]; readonly suffix: "" | "%" } | null {
	const words = wordsOf(question);
	const asked = words.findIndex(
		(word, i) => shareWords.has(word) && words[i - 1] === "what" && words[i + 1] === "of",
	);
	if (asked === -1) return tapeOf(words, "");
	const is = words.lastIndexOf("is");
	const before = words.slice(0, asked - 1);
	const after = words.slice(asked + 2);
	if (before.length > 1 && is === asked - 2) return tapeOf(shareOf(before.slice(0, -1), after), "%");
	return is > asked ? tapeOf(shareOf(words.slice(is + 1), words.slice(asked + 2, is)), "%") : null;
}

const shareWords: ReadonlySet<string> = new Set(["percent", "percentage", "%"]);

/** Words that stand on no key and may be passed over. */
const filler: ReadonlySet<string> = new Set(
	`what is what's whats how much calculate compute evaluate work out solve please
		the value result equals = ? ! , :`.split(/\s+/),
);

/** Words that finish the key begun by the word before. */
const tails: ReadonlyMap<string, string> = new Map([
	["by", "multiplied divided"],
	["than", "more less"],
	["of", "power value result"],
	["power", "the"],
	["the", "to"],
]);

const keysOf: ReadonlyMap<string, readonly Key[]> = new Map<string, readonly Key[]>([
	...(["+", "-", "*", "/", "^", "%", "(", ")"] as const).map((key) => [key, [key]] as const),
	["plus", ["+"]],
	["minus", ["-"]],
	["−", ["-"]],
	["–", ["-"]],
	["times", ["*"]],
	["multiplied", ["*"]],
	["x", ["*"]],
	["×", ["*"]],
	["·", ["*"]],
	["of", ["*"]],
	["divided", ["/"]],
	["over", ["/"]],
	["÷", ["/"]],
	["**", ["^"]],
	["power", ["^"]],
	["squared", ["^", 2]],
	["cubed", ["^", 3]],
	["percent", ["%"]],
	["more", ["more"]],
	["less", ["less"]],
	["off", ["less"]],
]);

function wordsOf(question: string): readonly string[] {
	const spaced = question
		.toLowerCase()
		.replace(/[.!?\s]+$/, "")
		.replace(/\bper cent\b/g, "percent")
		.replace(/\*\*|[-−–+*/^%()=?!:×·÷]|(?<=\d)(?=[a-z])|(?<=[a-z])(?=\d)/g, " $& ")
		.replace(/,(?!\d{3}(?!\d))/g, " , ");
	return spaced.split(/\s+/).filter((word) => word !== "");
}

function shareOf(part: readonly string[], base: readonly string[]): readonly string[] {
	return ["(", ...part, ")", "/", "(", ...base, ")", "*", "100"];
}

function tapeOf(
	words: readonly string[],
	suffix: "" | "%",
): { readonly keys: readonly Key[]; readonly suffix: "" | "%" } | null {
	const keys: Key[] = [];
	for (const [i, word] of words.entries()) {
		const pressed = keysFor(word, words[i - 1] ?? "", keys.at(-1));
		if (pressed === null) return null;
		keys.push(...pressed);
	}
	return keys.some((key) => typeof key === "number") ? { keys, suffix } : null;
}

function keysFor(word: string, before: string, last: Key | undefined): readonly Key[] | null {
	if (/^(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+)?$/.test(word)) return [Number(word.replaceAll(",", ""))];
	if (tails.get(word)?.split(" ").includes(before) === true) return word === "power" ? ["^"] : [];
	if (word === "to") return [];
	if ((word === "more" || word === "less" || word === "off") && last !== "%") return null;
	return keysOf.get(word) ?? (filler.has(word) ? [] : null);
}
