import { excerpt } from "../../src/std/excerpt.ts";

/**
 * What models and people write, made harmless for Slack: it may call nobody, show nothing from elsewhere and leave no
 * block. https://docs.slack.dev/messaging/formatting-message-text
 */

/** Joins two characters without being seen, so that Slack reads neither a call nor an image there. */
const joiner = "\u2060";
/** What turns a line around would turn the rest of the card, too. */
const bidiControls = /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/g;

/** One line of plain text in Slack's own markup. */
export function line(text: string, charsMax: number): string {
	return escaped(plain(text, charsMax));
}

/** One line for a field that knows no markup. */
export function plain(text: string, charsMax: number): string {
	return excerpt(quiet(text.replaceAll(bidiControls, "")), charsMax);
}

/** Text in Slack's own markup: `&`, `<` and `>` are all that has to be escaped. */
export function escaped(text: string): string {
	return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/**
 * A model's Markdown. Whether a `markdown` block calls anybody is not documented, so whatever could is broken; a picture
 * would be fetched from wherever the model says, so it becomes a link.
 */
export function markdown(text: string): string {
	return text
		.split(code)
		.map((piece, at) => (at % 2 === 0 ? quiet(piece).replaceAll("![", `!${joiner}[`) : quietCode(piece)))
		.join("");
}

/** Fenced blocks and spans; one that is not closed is none, since its end may come later in the text. */
const code = /(```[\s\S]*?```|`[^`\n]+`)/;

/** In code an image is not shown, unless Slack sees the code's borders elsewhere: then it must look like a whole one. */
function quietCode(text: string): string {
	return quiet(text).replaceAll(/!(?=\[[^\n]*\]\s*(?:\(|\[))/g, `!${joiner}`);
}

function quiet(text: string): string {
	return text
		.replaceAll(/<(?=[!@#][A-Za-z])/g, `<${joiner}`)
		.replaceAll(/@(?=(?:channel|here|everyone)\b)/gi, `@${joiner}`);
}

/** At most so many characters, cut at the end of a paragraph, a line or a word if one is near; no halves of a character. */
export function cut(text: string, charsMax: number): string {
	if (text.length <= charsMax) return text;
	const head = text.slice(0, charsMax - closing.length).replace(/[\uD800-\uDBFF]$/, "");
	const near = Math.floor(charsMax / 3);
	const at = [head.lastIndexOf("\n\n"), head.lastIndexOf("\n"), head.lastIndexOf(" ")].find((found) => found > near);
	const kept = head.slice(0, at ?? head.length).trimEnd();
	// A fence that was cut open would swallow what follows.
	const isOpen = (kept.match(/^```/gm) ?? []).length % 2 === 1;
	return isOpen ? kept + closing : `${kept}…`;
}

const closing = "\n```";

/** A question as a person meant it: without the call of the bot, names and links in readable form. */
export function questionIn(text: string, bot: string | null): string {
	const uncalled = bot === null ? text : text.replaceAll(new RegExp(`<@${bot}(?:\\|[^>]*)?>`, "g"), " ");
	return unescaped(
		uncalled
			.replaceAll(/<@([UW][A-Z0-9]+)(?:\|([^>]*))?>/g, (_, id: string, name?: string) => `@${name || id}`)
			.replaceAll(/<#([CG][A-Z0-9]+)(?:\|([^>]*))?>/g, (_, id: string, name?: string) => `#${name || id}`)
			.replaceAll(/<!(?:subteam\^)?([^>|]+)(?:\|([^>]*))?>/g, (_, id: string, name?: string) => name || `@${id}`)
			.replaceAll(/<((?:https?|mailto):[^>|]+)(?:\|([^>]*))?>/g, linked),
	).trim();
}

function linked(_: string, url: string, label?: string): string {
	return label === undefined || label === "" || url.endsWith(label) ? url : `${label} (${url})`;
}

function unescaped(text: string): string {
	return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

/** A moment in the reader's own time. */
export function moment(ms: number): string {
	const shown = `${new Date(ms).toISOString().slice(0, 16).replace("T", " ")} UTC`;
	return `<!date^${Math.floor(ms / 1000)}^{date_short_pretty} at {time}|${shown}>`;
}

/** Like "1m 42s". */
export function duration(seconds: number): string {
	const minutes = Math.floor(seconds / 60);
	return minutes === 0 ? `${seconds}s` : `${minutes}m ${seconds % 60}s`;
}

/** Calls a person: only whoever has asked, and only by an id that is one. */
export function called(user: string): string {
	return /^[UW][A-Z0-9]{1,30}$/.test(user) ? `<@${user}>` : "";
}
