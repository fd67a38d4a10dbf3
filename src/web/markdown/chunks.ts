/** From so many characters on a chunk ends at the next place where it may. */
const chunkCharsMin = 400;
/** A chunk that finds no such place ends here: what it costs to parse grows faster than its length. */
export const chunkCharsMax = 8_000;

/**
 * Cuts Markdown into pieces that can be parsed alone: at empty lines outside of fences before a line that goes on with
 * nothing. While a text grows, only its last piece changes. The pieces together are the text.
 */
export function makeChunks(): (text: string) => readonly string[] {
	let settled = { text: "", chunks: [] as readonly string[] };
	return (text) => {
		if (!text.startsWith(settled.text)) settled = { text: "", chunks: [] };
		const chunks = cut(text.slice(settled.text.length));
		const done = chunks.slice(0, -1);
		const all = [...settled.chunks, ...chunks];
		settled = { text: settled.text + done.join(""), chunks: [...settled.chunks, ...done] };
		return all;
	};
}

/** A line that may belong to what stood before the empty line: of a list, a quotation, or an indented part of either. */
const goesOn = /^(\s|[>*+-]|\d{1,9}[.)])/;
const fence = /^ {0,3}(`{3,}|~{3,})/;

function cut(text: string): readonly string[] {
	const chunks: string[] = [];
	let start = 0;
	let closing: string | null = null;
	let isAfterEmpty = false;
	for (let at = 0; at < text.length;) {
		const newline = text.indexOf("\n", at);
		const end = newline === -1 ? text.length : newline + 1;
		const line = text.slice(at, end);
		const mayCut = closing === null && isAfterEmpty && !goesOn.test(line);
		if (mayCut && at - start >= chunkCharsMin) {
			chunks.push(text.slice(start, at));
			start = at;
		}
		closing = fenceAfter(line, closing);
		isAfterEmpty = line.trim() === "";
		at = end;
		// Fences are cheap however long they are.
		if (closing !== null) continue;
		for (; at - start > chunkCharsMax; start += chunkCharsMax)
			chunks.push(text.slice(start, start + chunkCharsMax));
	}
	return start < text.length ? [...chunks, text.slice(start)] : chunks;
}

/** The fence that is open after this line. */
function fenceAfter(line: string, open: string | null): string | null {
	const mark = fence.exec(line)?.[1];
	if (mark === undefined) return open;
	if (open === null) return mark;
	return mark.startsWith(open) && line.trim() === mark ? null : open;
}
