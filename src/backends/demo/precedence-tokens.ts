/** What the climber sees. `more` and `less` follow a percentage: `20% more than 50`. */
export type Token = { readonly kind: "number"; readonly value: number } | { readonly kind: Sign };

export type Sign = "+" | "-" | "*" | "/" | "^" | "%" | "(" | ")" | "more" | "less" | "share" | "is";

/** Cuts a question into tokens, scanning from the front; null at the first thing that is no arithmetic. */
export function tokensOf(question: string): readonly Token[] | null {
	const spaced = question.toLowerCase().replace(/\s+/g, " ").trim();
	const text = spaced.replace(/(?: please| equals|[ =?.!])+$/, "");
	let at = lengthOfLeadIn(text);
	const tokens: Token[] = [];
	while (at < text.length) {
		if (text[at] === " ") {
			at += 1;
			continue;
		}
		const found = tokenAt(text, at);
		if (found === null) return null;
		tokens.push(...found.tokens);
		at += found.length;
	}
	return tokens.length === 0 ? null : tokens;
}

type Found = { readonly tokens: readonly Token[]; readonly length: number };

const two: Token = { kind: "number", value: 2 };
const three: Token = { kind: "number", value: 3 };

/** Longer phrases stand before their beginnings. */
const phrases: readonly (readonly [phrase: string, tokens: readonly Token[]])[] = [
	["% more than", [{ kind: "more" }]],
	["percent more than", [{ kind: "more" }]],
	["% less than", [{ kind: "less" }]],
	["percent less than", [{ kind: "less" }]],
	["% off", [{ kind: "less" }]],
	["percent off", [{ kind: "less" }]],
	["what percentage of", [{ kind: "share" }]],
	["what percent of", [{ kind: "share" }]],
	["what % of", [{ kind: "share" }]],
	["to the power of", [{ kind: "^" }]],
	["multiplied by", [{ kind: "*" }]],
	["divided by", [{ kind: "/" }]],
	["per cent", [{ kind: "%" }]],
	["percent", [{ kind: "%" }]],
	["squared", [{ kind: "^" }, two]],
	["cubed", [{ kind: "^" }, three]],
	["minus", [{ kind: "-" }]],
	["times", [{ kind: "*" }]],
	["plus", [{ kind: "+" }]],
	["over", [{ kind: "/" }]],
	["of", [{ kind: "*" }]],
	["is", [{ kind: "is" }]],
	["**", [{ kind: "^" }]],
	["x", [{ kind: "*" }]],
	["+", [{ kind: "+" }]],
	["-", [{ kind: "-" }]],
	["−", [{ kind: "-" }]],
	["–", [{ kind: "-" }]],
	["*", [{ kind: "*" }]],
	["×", [{ kind: "*" }]],
	["·", [{ kind: "*" }]],
	["/", [{ kind: "/" }]],
	["÷", [{ kind: "/" }]],
	["^", [{ kind: "^" }]],
	["%", [{ kind: "%" }]],
	["(", [{ kind: "(" }]],
	[")", [{ kind: ")" }]],
];

const leadIns = [
	"what is",
	"what's",
	"whats",
	"how much is",
	"calculate",
	"compute",
	"evaluate",
	"work out",
	"solve",
	"please",
	"the value of",
	"the result of",
];

function lengthOfLeadIn(text: string): number {
	let at = 0;
	for (let round = 0; round < leadIns.length; round += 1) {
		const found = leadIns.find((phrase) => text.startsWith(phrase, at) && !isLetter(text[at + phrase.length]));
		if (found === undefined) break;
		at += found.length;
		while (/[ ,:]/.test(text[at] ?? "")) at += 1;
	}
	return at;
}

function tokenAt(text: string, at: number): Found | null {
	const digits = numberAt(text, at);
	if (digits !== null)
		return { tokens: [{ kind: "number", value: Number(digits.replaceAll(",", "")) }], length: digits.length };
	const found = phrases.find(([phrase]) => text.startsWith(phrase, at) && endsWell(phrase, text[at + phrase.length]));
	return found === undefined ? null : { tokens: found[1], length: found[0].length };
}

function numberAt(text: string, at: number): string | null {
	const pattern = /\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\d,])|\d+(?:\.\d+)?(?![\d,.])|\.\d+(?![\d,.])/y;
	pattern.lastIndex = at;
	return pattern.exec(text)?.[0] ?? null;
}

/** A word must not run on into another: `plush` is not `plus`. */
function endsWell(phrase: string, next: string | undefined): boolean {
	return !isLetter(phrase.at(-1)) || !isLetter(next);
}

function isLetter(character: string | undefined): boolean {
	return character !== undefined && /\p{L}/u.test(character);
}
