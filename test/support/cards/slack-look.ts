import type { Message } from "../../../bots/slack/message.ts";
import type { JsonObject } from "../../../src/std/json.ts";
import { html, inline, pageOf, type Html, type Mark } from "./html.ts";

/** Blocks as a chat with a light background could draw them: an own drawing, near enough to judge what is said. */
export function slackPage(question: string, messages: readonly Message[]): string {
	const asked = post({
		who: "Ada",
		face: "A",
		badge: "",
		body: html`<p><b class="call">@massgen</b> ${question}</p>`,
	});
	const said = messages.map(({ blocks }) =>
		post({ who: "massgen", face: "M", badge: "APP", body: html`${blocks.map((block) => drawn(asJson(block)))}` }),
	);
	return pageOf(style, html`${[asked, ...said]}`);
}

type Post = { readonly who: string; readonly face: string; readonly badge: string; readonly body: Html };

function post({ who, face, badge, body }: Post): Html {
	const tag = badge === "" ? html`` : html`<i class="badge">${badge}</i>`;
	return html`<article>
		<div class="face face-${face}">${face}</div>
		<div class="post">
			<header><b>${who}</b> ${tag} <time>9:30 AM</time></header>
			${body}
		</div>
	</article>`;
}

/** Only for drawing: fields that are not there are drawn as nothing. */
function asJson(value: unknown): JsonObject {
	return value as JsonObject;
}

const list = (value: unknown): readonly JsonObject[] => (Array.isArray(value) ? value.map(asJson) : []);
const words = (value: unknown): string =>
	typeof value === "string" ? value : String(asJson(value ?? {})["text"] ?? "");

const draws: Readonly<Record<string, (block: JsonObject) => Html>> = {
	section: ({ text }) => html`<p>${mrkdwn(words(text))}</p>`,
	context: ({ elements }) => html`<p class="small">${list(elements).map((element) => mrkdwn(words(element)))}</p>`,
	markdown: ({ text }) => html`<div class="said">${paragraphs(words(text))}</div>`,
	plan: ({ title, tasks }) =>
		html`<section class="plan">
			<h4>${words(title)}</h4>
			${list(tasks).map(task)}
		</section>`,
	table: ({ rows }) =>
		html`<table>
			${(rows as unknown as readonly unknown[]).map(row)}
		</table>`,
	actions: ({ elements }) => html`<div class="row">${list(elements).map(control)}</div>`,
	context_actions: () =>
		html`<div class="row small">Good answer? <span class="press">Yes</span><span class="press">No</span></div>`,
};

function drawn(block: JsonObject): Html {
	const draw = draws[String(block["type"])];
	if (draw === undefined) throw new Error(`nobody has drawn a ${String(block["type"])} yet`);
	return draw(block);
}

function task({ title, status }: JsonObject): Html {
	const signs: Readonly<Record<string, string>> = { pending: "", in_progress: "…", complete: "✓", error: "!" };
	return html`<div class="task">
		<span class="sign ${String(status)}">${signs[String(status)] ?? ""}</span>${words(title)}
	</div>`;
}

function row(cells: unknown): Html {
	return html`<tr>
		${list(cells).map((cell) => html`<td>${words(cell)}</td>`)}
	</tr>`;
}

function control({ type, text, style: look }: JsonObject): Html {
	if (type === "overflow") return html`<span class="press">⋯</span>`;
	return html`<span class="press ${String(look ?? "")}">${words(text)}</span>`;
}

const emojis: Readonly<Record<string, Html>> = {
	white_check_mark: html`<span class="sign complete">✓</span>`,
	x: html`<span class="sign error">×</span>`,
	warning: html`<span class="sign warning">!</span>`,
	speech_balloon: html`<span class="sign balloon">”</span>`,
};

const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">" };
const marks: readonly Mark[] = [
	{ found: /&(amp|lt|gt);/, draw: (name = "") => html`${entities[name] ?? ""}` },
	{ found: /<!date\^\d+\^\{time_secs\}\|[^>]*?(\d+:\d+:\d+) UTC>/, draw: (at = "") => html`${at}` },
	{ found: /<!date\^\d+\^[^|>]*\|[^>]*?(\d+:\d+) UTC>/, draw: (at = "") => html`today at ${at}` },
	{ found: /<@[UW][A-Z0-9]+>/, draw: () => html`<b class="call">@Ada</b>` },
	{ found: /:([a-z_]+):/, draw: (name = "") => emojis[name] ?? html`:${name}:` },
	{ found: /\*([^*\n]+)\*/, draw: (bold = "") => html`<b>${bold}</b>` },
	{ found: /_([^_\n]+)_/, draw: (slanted = "") => html`<i>${slanted}</i>` },
	{ found: /\n/, draw: () => html`<br />` },
];

function mrkdwn(text: string): Html {
	return inline(text, marks);
}

const markdownMarks: readonly Mark[] = [
	{ found: /\*\*([^*\n]+)\*\*/, draw: (bold = "") => html`<b>${bold}</b>` },
	{ found: /`([^`\n]+)`/, draw: (code = "") => html`<code>${code}</code>` },
];

function paragraphs(text: string): readonly Html[] {
	return text.split("\n\n").map((paragraph) => html`<p>${inline(paragraph, markdownMarks)}</p>`);
}

const style = `
* { box-sizing: border-box; }
body { margin: 0; background: #fff; color: #1d1c1d; font: 15px/1.45 "Liberation Sans", Arial, sans-serif; }
main { width: 700px; padding: 18px 20px; }
article { display: flex; gap: 10px; margin-bottom: 16px; }
article:last-child { margin-bottom: 0; }
.post { flex: 1; min-width: 0; }
header { line-height: 1.2; margin-bottom: 3px; }
time, .small { color: #616061; font-size: 12.5px; }
.badge { background: #e8e8e8; color: #616061; font: bold 10px "Liberation Sans"; padding: 2px 4px; border-radius: 3px; }
.face { width: 36px; height: 36px; border-radius: 8px; color: #fff; font-weight: bold; text-align: center; line-height: 36px; }
.face-A { background: #8a6d3b; } .face-M { background: #3b4a8a; }
p { margin: 4px 0; } .call { background: #e8f0fb; color: #1a5a9e; font-weight: normal; border-radius: 3px; padding: 0 2px; }
.plan { border: 1px solid #ddd; border-radius: 10px; padding: 10px 14px; margin: 6px 0; }
.plan h4 { margin: 0 0 6px; font-size: 15px; } .task { padding: 3px 0; }
.sign { display: inline-block; width: 17px; height: 17px; border-radius: 50%; color: #fff; background: #868686;
	font: bold 11px/17px "DejaVu Sans"; text-align: center; margin-right: 8px; }
.pending { background: #fff; border: 1.5px solid #aaa; } .in_progress { background: #c77b22; } .complete { background: #23805c; }
.error { background: #c0264b; } .warning { background: #b8860b; } .balloon { background: #5c6f82; }
table { border-collapse: collapse; width: 100%; margin: 8px 0; font-size: 14px; }
td { border: 1px solid #ddd; padding: 5px 9px; vertical-align: top; } tr:first-child td { font-weight: bold; background: #f8f8f8; }
.row { margin-top: 8px; display: flex; gap: 8px; align-items: center; }
.press { border: 1px solid #bbb; border-radius: 7px; padding: 4px 11px; font-weight: bold; font-size: 13px; color: #1d1c1d; }
.danger { color: #c0264b; border-color: #c0264b; } .primary { background: #23805c; border-color: #23805c; color: #fff; }
code { background: #f4f4f4; border: 1px solid #ddd; border-radius: 3px; padding: 0 3px; font: 13px "Liberation Mono", monospace; color: #b0304d; }
`;
