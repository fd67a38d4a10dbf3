/** Texts of models and people inside our own layout. */

/** What Discord would read as markup, a mention or a time, made harmless: shown as it was written. */
export function escaped(line: string): string {
	// Half of a sign is no JSON that Discord takes.
	return line.toWellFormed().replaceAll(/[\\`*_~|<>#[\]@]/g, String.raw`\$&`);
}

/** How much room a text takes in a code block: far eastern letters and pictures take two columns, marks on letters none. */
export function columnsOf(text: string): number {
	let columns = 0;
	for (const sign of text) columns += widthOf(sign);
	return columns;
}

function widthOf(sign: string): number {
	if (/^[\p{Mn}\p{Me}\p{Cf}]$/u.test(sign)) return 0;
	return wide.test(sign) ? 2 : 1;
}

const wide =
	/^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\u3000-\u303F\uFF01-\uFF60]$/u;

/** The beginning that fits into so many columns, filled up with blanks to exactly that. */
export function cell(text: string, columns: number): string {
	let fitted = "";
	let taken = 0;
	for (const sign of text) {
		const width = widthOf(sign);
		if (taken + width > columns) break;
		fitted += sign;
		taken += width;
	}
	const cut = fitted.length < text.length && columns > 0;
	if (cut && taken === columns) return cell(`${dropped(fitted)}…`, columns);
	return fitted + (cut ? "…" : "") + " ".repeat(columns - taken - (cut ? 1 : 0));
}

/** At most so many lines of so many columns, broken between words where that is possible; the last one ends in … if cut. */
export function wrapped(text: string, columns: number, linesMax: number): readonly string[] {
	const lines: string[] = [];
	let rest = text.trim();
	while (rest !== "" && lines.length < linesMax - 1 && columnsOf(rest) > columns) {
		const fitting = fittingIn(rest, columns);
		const at = rest.charAt(fitting.length) === " " ? fitting.length : fitting.lastIndexOf(" ");
		const line = at > 0 ? rest.slice(0, at) : fitting;
		lines.push(line);
		rest = rest.slice(line.length).trimStart();
	}
	return [...lines, cell(rest, columns)];
}

function fittingIn(text: string, columns: number): string {
	let fitted = "";
	let taken = 0;
	for (const sign of text) {
		taken += widthOf(sign);
		if (taken > columns) break;
		fitted += sign;
	}
	return fitted;
}

/** Without its last sign. */
function dropped(text: string): string {
	return text.replace(/.$/su, "");
}

/** A text that ends no code block it stands in. */
export function inCode(text: string): string {
	return text.replaceAll("`", "'");
}

/** In UTF-8. */
export function bytesOf(text: string): number {
	return new TextEncoder().encode(text).byteLength;
}
