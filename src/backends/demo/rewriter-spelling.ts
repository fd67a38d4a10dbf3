/** Turns a question into a formula by replacing words with signs; null where other words remain. */
export function spelled(question: string): { readonly text: string; readonly suffix: "" | "%" } | null {
	const plain = replaced(question.toLowerCase().trim(), wording);
	const share = shares.reduce<string | null>(
		(found, [pattern, formula]) => found ?? (pattern.test(plain) ? plain.replace(pattern, formula) : null),
		null,
	);
	const spaced = replaced(share ?? plain, symbols);
	const text = spaced.replaceAll(" ", "");
	const readable = /\d/.test(text) && /^[-+*/^%&~().\d]+$/.test(text) && !ours.test(question);
	if (!readable || badComma.test(question) || badNumber.test(spaced) || badOrder.test(text)) return null;
	return { text, suffix: share === null ? "" : "%" };
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
];

/** `what percent of 80 is 12` and `12 is what percent of 80` as formulas. */
const shares: readonly Replacement[] = [
	[/^(?:what )?(?:percent|percentage|%) of (.+) is (.+)$/, "($2)/($1)*100"],
	[/^(.+) is what (?:percent|percentage|%) of (.+)$/, "($1)/($2)*100"],
];

const symbols: readonly Replacement[] = [
	[/(?<=\d),(?=\d{3}(?!\d))/g, ""],
	[/(?:%|(?<![a-z])percent) more than(?![a-z])/g, "&"],
	[/(?:%|(?<![a-z])percent) less than(?![a-z])|(?:%|(?<![a-z])percent) off(?![a-z])/g, "~"],
	[/(?<![a-z])to the power of(?![a-z])|\*\*/g, "^"],
	[/(?<![a-z])multiplied by(?![a-z])|(?<![a-z])times(?![a-z])|(?<![a-z])of(?![a-z])|[×·]|(?<![a-z])x(?![a-z])/g, "*"],
	[/(?<![a-z])divided by(?![a-z])|(?<![a-z])over(?![a-z])|÷/g, "/"],
	[/(?<![a-z])per ?cent(?![a-z])/g, "%"],
	[/(?<![a-z])squared(?![a-z])/g, "^2 "],
	[/(?<![a-z])cubed(?![a-z])/g, "^3 "],
	[/(?<![a-z])plus(?![a-z])/g, "+"],
	[/(?<![a-z])minus(?![a-z])|[−–]/g, "-"],
];

/** Signs that only this formula has; nobody may type them. */
const ours = /[&~]/;

/** A comma that parts anything but thousands. */
const badComma = /\.\d*,\d|\d{4},\d/;

/** Two numbers side by side, or a point that belongs to none. */
const badNumber = /\d +[\d.]|\.(?!\d)|\.\d*\.|\d\.\d*\.\d/;

/** A sign without what it needs before or after it, or two terms with no sign between them. */
const badOrder = /(?:^|[-+*/^&~(])[*/^%&~)]|[-+*/^&~(](?:$|\))|[\d%)]\(|[%)]\d/;

function replaced(text: string, replacements: readonly Replacement[]): string {
	return replacements.reduce((before, [pattern, by]) => before.replace(pattern, by), text);
}
