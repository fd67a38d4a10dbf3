import { cell, columnsOf, inCode } from "./plain.ts";

/** Discord reads no tables: theirs become code blocks, in which columns stand below each other. */

const cellColumnsMax = 24;
const columnsMax = 12;

/** Markdown that Discord can show: tables as code blocks, pictures as links that nothing fetches. */
export function shownMarkdown(markdown: string): string {
	const shown: string[] = [];
	const lines = markdown.toWellFormed().split("\n");
	let fenced = false;
	for (let at = 0; at < lines.length; at += 1) {
		const line = lines[at] ?? "";
		if (/^ {0,3}```/.test(line)) fenced = !fenced;
		const rows = fenced ? 0 : tableRows(lines, at);
		if (rows > 0) shown.push(...blockOf(lines.slice(at, at + rows)));
		else shown.push(fenced ? line : withoutPictures(line));
		at += Math.max(0, rows - 1);
	}
	return shown.join("\n");
}

/** The line below a table's head: dashes between bars. */
function isDivider(line: string): boolean {
	const cells = cellsOf(line);
	return cells.length <= columnsMax && cells.every((text) => /^:?-+:?$/.test(text));
}

/** How many lines from here on are a table; 0 where none begins. */
function tableRows(lines: readonly string[], at: number): number {
	const isRow = (line: string | undefined) => line?.includes("|") === true;
	const second = lines[at + 1];
	if (!isRow(lines[at]) || second === undefined || !isRow(second) || !isDivider(second)) return 0;
	let end = at + 2;
	while (isRow(lines[end])) end += 1;
	return end - at;
}

function blockOf([head = "", , ...body]: readonly string[]): readonly string[] {
	const rows = [head, ...body].map(cellsOf);
	const count = Math.min(columnsMax, Math.max(...rows.map(({ length }) => length)));
	const widths = Array.from({ length: count }, (_, column) =>
		Math.min(cellColumnsMax, Math.max(1, ...rows.map((row) => columnsOf(row[column] ?? "")))),
	);
	const lines = rows.map((row) =>
		widths
			.map((width, column) => cell(row[column] ?? "", width))
			.join("  ")
			.trimEnd(),
	);
	const rule = widths.map((width) => "-".repeat(width)).join("  ");
	return ["```", lines[0] ?? "", rule, ...lines.slice(1), "```"];
}

function cellsOf(line: string): readonly string[] {
	const inner = line.trim().replace(/^\|/, "").replace(/\|$/, "");
	return inner.split("|").map((text) => inCode(text.trim()));
}

function withoutPictures(line: string): string {
	return line.replaceAll(/!\[([^\]]{0,200})\]\(([^)]{0,1200})\)/g, (_, alt: string, target: string) => {
		const url = target.trim().split(/\s/, 1)[0]?.replaceAll(/[<>]/g, "") ?? "";
		return alt.trim() === "" ? `<${url}>` : `[${alt}](<${url}>)`;
	});
}
