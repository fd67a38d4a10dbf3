/** A long Markdown text as messages. */

/** In pieces of at most so many characters, cut between paragraphs where it can be; no piece leaves a code block open. */
export function chunksOf(markdown: string, charsMax: number): readonly string[] {
	const pieces: string[] = [];
	let rest = markdown.trim();
	let fence: string | null = null;
	while (rest !== "") {
		const head: string = fence === null ? "" : `${fence}\n`;
		const cut = cutIn(rest, charsMax - head.length - closing.length);
		const body = rest.slice(0, cut);
		const after = fenceAfter(body, fence);
		const piece = `${head}${body.trimEnd()}${after === null ? "" : closing}`;
		if (body.trim() !== "") pieces.push(piece);
		rest =
			after === null
				? rest
						.slice(cut)
						.replace(/^(?:\s*\n| )/, "")
						.trimEnd()
				: rest.slice(cut).replace(/^\n/, "");
		fence = after;
	}
	return pieces;
}

/** A text whose last code block is closed, so that what follows it is read as meant. */
export function closed(markdown: string): string {
	return fenceAfter(markdown, null) === null ? markdown : `${markdown}${closing}`;
}

const closing = "\n```";
const languageCharsMax = 20;

/** Where to cut: at the last good place that leaves no small piece. */
function cutIn(text: string, room: number): number {
	if (text.length <= room) return text.length;
	const start = text.slice(0, room);
	const places = [start.lastIndexOf("\n\n"), start.lastIndexOf("\n"), start.lastIndexOf(" ")];
	const good = places.find((at) => at > room / 3);
	if (good !== undefined) return good;
	// Not between the halves of one sign.
	return /[\uD800-\uDBFF]$/.test(start) ? room - 1 : room;
}

/** How the block opens that is open at the end of this text; null where none is. */
function fenceAfter(text: string, before: string | null): string | null {
	let fence = before;
	for (const [, language = ""] of text.matchAll(/^ {0,3}```([^\n`]*)$/gm))
		fence = fence === null ? `\`\`\`${language.trim().slice(0, languageCharsMax)}` : null;
	return fence;
}
