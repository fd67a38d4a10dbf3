/** Markup of ours. Everything else that is put into a template is text, and is escaped. */
export type Html = { readonly html: string };

type Part = Html | string | number | readonly (Html | string)[];

/** A template of markup: only what is `Html` already gets in as it is. */
export function html(pieces: TemplateStringsArray, ...parts: readonly Part[]): Html {
	return { html: pieces.map((piece, i) => piece + (i < parts.length ? written(parts[i] ?? "") : "")).join("") };
}

function written(part: Part): string {
	if (typeof part === "object" && "html" in part) return part.html;
	if (typeof part === "object") return part.map(written).join("");
	return String(part).replaceAll(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** How a piece of a line is written, and how it is drawn. */
export type Mark = { readonly found: RegExp; readonly draw: (...groups: readonly string[]) => Html };

/** A line with its marks drawn, the first that fits at each place; whatever is between them is text. */
export function inline(text: string, marks: readonly Mark[]): Html {
	let rest = text;
	let plain = "";
	const drawn: (Html | string)[] = [];
	while (rest !== "") {
		const [match, mark] = firstOf(rest, marks);
		if (match === null || mark === undefined) {
			plain += rest.charAt(0);
			rest = rest.slice(1);
			continue;
		}
		drawn.push(plain, mark.draw(...match.slice(1)));
		plain = "";
		rest = rest.slice(match[0].length);
	}
	return html`${[...drawn, plain]}`;
}

function firstOf(text: string, marks: readonly Mark[]): [RegExpExecArray | null, Mark | undefined] {
	for (const mark of marks) {
		const match = new RegExp(`^(?:${mark.found.source})`, "s").exec(text);
		if (match !== null && match[0] !== "") return [match, mark];
	}
	return [null, undefined];
}

/** A whole page: what it shows is one element, as wide as it needs to be. */
export function pageOf(style: string, body: Html): string {
	const head = `<!doctype html><html lang="en"><meta charset="utf-8"><title>card</title><style>${style}</style>`;
	return `${head}<body><main>${body.html}</main></body></html>`;
}
