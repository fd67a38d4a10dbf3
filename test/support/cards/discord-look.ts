import type { JsonObject } from "../../../src/std/json.ts";
import { html, inline, pageOf, type Html, type Mark } from "./html.ts";

/** Components as a chat with a dark background could draw them: an own drawing, near enough to judge what is said. */
export function discordPage(messages: readonly object[]): string {
	return pageOf(style, html`${messages.map((message) => post(message as JsonObject))}`);
}

function post({ content, components }: JsonObject): Html {
	const text = typeof content === "string" ? lines(content) : html``;
	return html`<article>
		<div class="face">M</div>
		<div class="post">
			<header><b>massgen</b> <i class="badge">APP</i> <time>Today at 09:30</time></header>
			${text}${list(components).map(drawn)}
		</div>
	</article>`;
}

const list = (value: unknown): readonly JsonObject[] => (Array.isArray(value) ? (value as JsonObject[]) : []);

const draws: Readonly<Record<number, (component: JsonObject) => Html>> = {
	1: ({ components }) => html`<div class="row">${list(components).map(drawn)}</div>`,
	2: ({ label, style: look }) =>
		html`<span class="press look-${Number(look)}">${String(label)}${look === 5 ? " ↗" : ""}</span>`,
	3: ({ placeholder }) => html`<span class="select">${String(placeholder)} <b>⌄</b></span>`,
	10: ({ content }) => lines(String(content)),
	14: () => html`<hr />`,
	17: ({ accent_color: accent, components }) =>
		html`<section style="border-left-color: #${Number(accent).toString(16).padStart(6, "0")}">
			${list(components).map(drawn)}
		</section>`,
};

function drawn(component: JsonObject): Html {
	const draw = draws[Number(component["type"])];
	if (draw === undefined) throw new Error(`nobody has drawn a component ${String(component["type"])} yet`);
	return draw(component);
}

/** Code blocks as they are, everything else line by line. */
function lines(text: string): Html {
	const pieces = text.split(/```\n?/).map((piece, i) => {
		if (i % 2 === 1) return html`<pre>${piece.trimEnd()}</pre>`;
		return html`${
			piece.trim() === ""
				? ""
				: piece
						.replace(/^\n|\n$/g, "")
						.split("\n")
						.map(lineOf)
		}`;
	});
	return html`<div class="text">${pieces}</div>`;
}

function lineOf(line: string): Html {
	const [, start = "", rest = ""] = /^(### |> |-# |- |)(.*)$/s.exec(line) ?? [];
	const said = inline(rest, marks);
	if (start === "### ") return html`<h3>${said}</h3>`;
	if (start === "> ") return html`<blockquote>${said}</blockquote>`;
	if (start === "-# ") return html`<p class="small">${said}</p>`;
	if (start === "- ") return html`<p>• ${said}</p>`;
	return html`<p>${said}</p>`;
}

const dots: Readonly<Record<string, string>> = { "🟠": "#e67e22", "🟢": "#2ecc71", "🔴": "#e74c3c", "⚪": "#949ba4" };
const marks: readonly Mark[] = [
	{ found: /\\([^A-Za-z0-9\s])/, draw: (sign = "") => html`${sign}` },
	{
		found: /(🟠|🟢|🔴|⚪)/,
		draw: (dot = "") => html`<span class="dot" style="background: ${dots[dot] ?? ""}"></span>`,
	},
	{ found: /⏸️/, draw: () => html`<span class="pause">II</span>` },
	{ found: /<t:\d+:R>/, draw: () => html`<span class="time">a moment ago</span>` },
	{ found: /<@\d+>/, draw: () => html`<span class="call">@Ada</span>` },
	{ found: /\*\*((?:\\.|[^*\n])+)\*\*/, draw: (bold = "") => html`<b>${inline(bold, marks.slice(0, 1))}</b>` },
	{ found: /`([^`\n]+)`/, draw: (code = "") => html`<code>${code}</code>` },
];

const style = `
* { box-sizing: border-box; }
body { margin: 0; background: #313338; color: #dbdee1; font: 15px/1.42 "Liberation Sans", Arial, sans-serif; }
main { width: 640px; padding: 18px 20px; }
article { display: flex; gap: 14px; margin-bottom: 16px; } article:last-child { margin-bottom: 0; }
.post { flex: 1; min-width: 0; } header { margin-bottom: 4px; line-height: 1.2; } header b { color: #f2f3f5; }
time, .small { color: #a5abb3; font-size: 12.5px; }
.badge { background: #5b67d8; color: #fff; font: bold 10px "Liberation Sans"; padding: 2px 4px; border-radius: 3px; }
.face { width: 38px; height: 38px; border-radius: 50%; background: #5a6b8c; color: #fff; font-weight: bold; text-align: center; line-height: 38px; }
section { background: #2b2d31; border: 1px solid #3f4147; border-left: 4px solid; border-radius: 8px; padding: 12px 14px; }
p, h3, pre, blockquote { margin: 2px 0; } h3 { font-size: 17px; color: #f2f3f5; } p { min-height: 6px; }
blockquote { border-left: 4px solid #4e5058; padding-left: 9px; margin-top: 4px; } hr { border: 0; border-top: 1px solid #3f4147; margin: 9px 0; }
pre { background: #1e1f22; border: 1px solid #3f4147; border-radius: 5px; padding: 8px 10px; font: 13px/1.4 "Liberation Mono", monospace; }
code { background: #1e1f22; border-radius: 3px; padding: 1px 4px; font: 13px "Liberation Mono", monospace; }
.dot { display: inline-block; width: 11px; height: 11px; border-radius: 50%; margin-right: 3px; }
.pause { background: #4e5fd0; color: #fff; font: bold 10px "Liberation Sans"; padding: 2px 5px; border-radius: 3px; }
.call { background: #3c4270; color: #c9cdfb; border-radius: 3px; padding: 0 2px; } .time { background: #3b3d43; border-radius: 3px; padding: 0 3px; }
.row { display: flex; flex-wrap: wrap; gap: 8px; margin-top: 8px; }
.press { background: #4e5058; color: #fff; border-radius: 4px; padding: 6px 13px; font-size: 13.5px; }
.look-1 { background: #5865c8; } .look-4 { background: #c43a42; }
.select { background: #1e1f22; border-radius: 4px; padding: 8px 12px; width: 340px; color: #a5abb3; display: flex; justify-content: space-between; }
`;
