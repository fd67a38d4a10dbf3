/** Takes what a growing text has got; true once its end is nothing but one short piece, again and again. */
export type RepetitionWatch = (more: string) => boolean;

/** As much of the same is a loop: nobody reads a ruler, a table of equal rows or a list of zeros of this size. */
export const repeatedCharsMax = 8_000;
/** White space may be more: wide tables and printed data are full of it. */
export const repeatedSpacesMax = 24_000;
/** The longest piece that is looked for: a few sentences. */
export const periodCharsMax = 600;

/** The end is looked at each time so much has come: a character costs the same however long the text becomes. */
const stepChars = 2_048;
const probeChars = 64;

/** A watch over one text, of which it keeps the end only. What stands before a loop does not matter. */
export function watchRepetition(): RepetitionWatch {
	let tail = "";
	let unseen = 0;
	return (more) => {
		tail += more;
		unseen += more.length;
		if (unseen < stepChars) return false;
		unseen = 0;
		tail = tail.slice(-repeatedSpacesMax);
		return isLoop(tail);
	};
}

function isLoop(tail: string): boolean {
	const end = tail.slice(-repeatedCharsMax);
	if (end.length < repeatedCharsMax || !repeats(end)) return false;
	return end.trim() !== "" || (tail.length === repeatedSpacesMax && tail.trim() === "");
}

/** Whether the whole text is one piece of at most `periodCharsMax` again and again, the last one perhaps cut off. */
function repeats(text: string): boolean {
	// Almost every text is through here: its last words have not just been said.
	const again = text.lastIndexOf(text.slice(-probeChars), text.length - probeChars - 1);
	if (again < text.length - probeChars - periodCharsMax) return false;
	return text.length - longestBorder(text) <= periodCharsMax;
}

/** The longest beginning, short of the whole, that is also the end (Knuth, Morris and Pratt): what is left is the period. */
function longestBorder(text: string): number {
	const border = new Uint16Array(text.length);
	for (let at = 1, length = 0; at < text.length; at += 1) {
		while (length > 0 && text[at] !== text[length]) length = border[length - 1] ?? 0;
		if (text[at] === text[length]) length += 1;
		border[at] = length;
	}
	return border[text.length - 1] ?? 0;
}
