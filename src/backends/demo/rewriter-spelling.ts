/** Turns a question into a formula by replacing words with signs; null where other words remain. */
export function spelled(question: string): { readonly text: string; readonly suffix: "" | "%" } | null {
	const plain = replaced(question.toLowerCase().trim(), wording);
	const share = shares.reduce<string | null>(
		(found, [pattern, formula]) => found ?? (pattern.test(plain) ? plain.replace(pattern, formula) : null),
		null,
	);
	const text = replaced(share ?? plain, symbols);
	if (!/\d/.test(text) || !/^[-+*/^%&~().\d ]+$/.test(text) || badNumber.test(text)) return null;
	return { text: text.replaceAll(" ", ""), suffix: share === null ? "" : "%" };
}

type Replacement = readonly [pattern: RegExp, by: string];

/** Applied to the whole question, in order: what surrounds the formula goes first. */
const wording: readonly Replacement[] = [
	[/\s+/g, " "],
	[/(?: ?(?:please|equals|[=?.!]))+$/, ""],
	[
		/^(?:(?:please|calculate|compute|evaluate|work out|solve|what is|what's|whats|how much is|the value of|the result of)(?![a-z])[ ,:]*)+(?!percent|% of)/,
		"",
	],
	[/(?<![\d.])(\d{1,3}(?:,\d{3})+)(?![\d,])/g, "‹$1›"],
];

/** `what percent of 80 is 12` and `12 is what percent of 80` as formulas. */
const shares: readonly Replacement[] = [
	[/^(?:what )?(?:percent|percentage|%) of (.+) is (.+)$/, "($2)/($1)*100"],
	[/^(.+) is what (?:percent|percentage|%) of (.+)$/, "($1)/($2)*100"],
];

const symbols: readonly Replacement[] = [
	[/(?<=\d)›/g, ""],
	[/‹/g, ""],
	[/(?<=\d),(?=\d{3}(?!\d))/g, ""],
	[/(?:%|\bpercent) more than\b/g, "&"],
	[/(?:%|\bpercent) less than\b|(?:%|\bpercent) off\b/g, "~"],
	[/\bto the power of\b|\*\*/g, "^"],
	[/\bmultiplied by\b|\btimes\b|\bof\b|[×·]|(?<![a-z])x(?![a-z])/g, "*"],
	[/\bdivided by\b|\bover\b|÷/g, "/"],
	[/\bper ?cent\b/g, "%"],
	[/\bsquared\b/g, "^2"],
	[/\bcubed\b/g, "^3"],
	[/\bplus\b/g, "+"],
	[/\bminus\b|[−–]/g, "-"],
];

/** Two numbers side by side, or a point that belongs to none. */
const badNumber = /\d +[\d.]|\.(?!\d)|\.\d*\.|\d\.\d*\.\d/;

function replaced(text: string, replacements: readonly Replacement[]): string {
	return replacements.reduce((before, [pattern, by]) => before.replace(pattern, by), text);
}
