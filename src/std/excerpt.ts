/** A text's beginning on one line, with an ellipsis where it was longer: at most so many characters, no halves of one. */
export function excerpt(text: string, charsMax: number): string {
	// No more than can be needed is looked at: texts may be long and mostly space.
	const line = text
		.slice(0, 8 * charsMax)
		.replaceAll(/\s+/g, " ")
		.trim();
	if (line.length <= charsMax && text.length <= 8 * charsMax) return line;
	return `${line.slice(0, charsMax - 1).replace(/[\uD800-\uDBFF]$/, "")}…`;
}
