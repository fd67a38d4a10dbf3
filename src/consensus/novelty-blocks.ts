/** A text cut by its layout. Bullets, headings and numbering are layout; what stands in them is not. */
export type Block =
	| {
			readonly kind: "prose" | "item" | "numbered" | "heading";
			readonly indent: number;
			readonly sentences: readonly string[];
	  }
	| { readonly kind: "code"; readonly indent: number; readonly text: string };

/** A line, read by how it begins. */
type Line = {
	readonly kind: "prose" | "item" | "numbered" | "heading" | "blank";
	readonly indent: number;
	readonly text: string;
};

/** Cuts a text into blocks: fenced code stays whole, wrapped lines are joined, markers are taken off. */
export function blocksOf(text: string): Block[] {
	const dropNumbers = isCountedFromOne(text);
	return text
		.split(fences)
		.flatMap((part, index) => (index % 2 === 1 ? [codeBlock(part)] : proseBlocks(part, dropNumbers)));
}

// The closing fence may be missing where an answer was cut off.
const fences = /(?:^|(?<=\n))[ \t]*```([^\n]*(?:\n(?![ \t]*```)[^\n]*)*)(?:\n[ \t]*```[ \t]*(?=\n|$))?/u;
const numberedLine = /^\s*(\d+)[.)]\s+/u;

/** Markers 1, 2, 3, ... through the whole text are layout. Any other number is what the author wrote. */
function isCountedFromOne(text: string): boolean {
	const numbers = text.split("\n").flatMap((line) => numberedLine.exec(line)?.[1] ?? []);
	return numbers.every((number, index) => number === String(index + 1));
}

/** Indentation can be code (Python): its depth counts, not its width. */
function codeBlock(source: string): Block {
	const widths = [0];
	const lines = source.split("\n").flatMap((line) => {
		if (line.trim() === "") return [];
		const width = line.length - line.trimStart().length;
		while (width < (widths.at(-1) ?? 0)) widths.pop();
		if (width > (widths.at(-1) ?? 0)) widths.push(width);
		return `${">".repeat(widths.length - 1)} ${line.trim()}`;
	});
	return { kind: "code", indent: 0, text: lines.join("\n") };
}

function proseBlocks(text: string, dropNumbers: boolean): Block[] {
	const blocks: Block[] = [];
	let open: { kind: "prose" | "item" | "numbered" | "heading"; indent: number; lines: string[] } | null = null;
	for (const line of text.split("\n").map((raw) => lineOf(raw, dropNumbers))) {
		const wraps = open !== null && open.kind !== "heading" && line.kind === "prose";
		if (open !== null && wraps) open.lines.push(line.text);
		else if (open !== null)
			blocks.push({ kind: open.kind, indent: open.indent, sentences: sentencesOf(open.lines.join(" ")) });
		if (!wraps) open = line.kind === "blank" ? null : { kind: line.kind, indent: line.indent, lines: [line.text] };
	}
	if (open !== null)
		blocks.push({ kind: open.kind, indent: open.indent, sentences: sentencesOf(open.lines.join(" ")) });
	return blocks;
}

function lineOf(raw: string, dropNumbers: boolean): Line {
	const indent = raw.length - raw.trimStart().length;
	// "> 5" compares and "- 5" may be negative: before a digit these signs are kept.
	const text = raw.trim().replace(/^(?:>\s?)+(?![\d\s=>])/u, "");
	if (text === "" || /^(?:-{3,}|\*{3,}|={3,})$/u.test(text)) return { kind: "blank", indent, text: "" };
	const heading = /^#{1,6}\s+(.*)$/u.exec(text)?.[1];
	if (heading !== undefined) return { kind: "heading", indent, text: unemphasised(heading) };
	const item = /^(?:[-+*•]\s+(?!\d)|[*•]\s+|(?=[-+]\s+\d))(.*)$/u.exec(text)?.[1];
	if (item !== undefined) return { kind: "item", indent, text: unemphasised(item) };
	if (numberedLine.test(text))
		return { kind: "numbered", indent, text: unemphasised(dropNumbers ? text.replace(numberedLine, "") : text) };
	return { kind: "prose", indent: 0, text: unemphasised(text) };
}

/** Takes off `**bold**` and `*italic*`, not `2**3`, `a*b*c` nor `__init__`. The bound keeps this linear. */
function unemphasised(text: string): string {
	return text.replace(/(?<![\p{L}\p{N}*`\\])(\*{1,3})(?=[^\s*])([^*\n`]{1,500})(?<=\S)\1(?![\p{L}\p{N}*])/gu, "$2");
}

/** Cut after a full stop and the like. What follows a digit stays ("5!" is not "5"). */
function sentencesOf(text: string): string[] {
	return text
		.split(/(?<=[.!?;][\p{Pe}\p{Pf}"']?)\s+|(?<=[。！？；])/u)
		.map((sentence) => sentence.trim().replace(/(?<=[\p{L}\p{Pe}\p{Pf}"'`%])[.!;。！；]+$|(?<=\d)[.;。；]$/u, ""))
		.filter((sentence) => sentence !== "");
}
