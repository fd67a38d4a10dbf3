import { excerpt } from "../../src/std/excerpt.ts";
import type { View } from "../../src/api/view.ts";
import type { Card } from "../card.ts";
import { chunksOf, closed } from "./chunks.ts";
import { button, fit, link, rows, text } from "./components.ts";
import { customId, type Verb } from "./custom-id.ts";
import { escaped } from "./plain.ts";
import type { File } from "./rest.ts";
import { contentCharsMax, flags } from "./message.ts";
import { shownMarkdown } from "./tables.ts";

/** The answer: the one message that notifies, and only who asked. */

export type Answer = {
	readonly card: Card;
	readonly view: Pick<View, "question" | "final" | "phase" | "reasons">;
	readonly asker: string;
	readonly session: string;
	readonly ask: string;
	readonly page: string | null;
};

/** `chunks`: what belongs into a thread below the message. */
export type Final = { readonly body: object; readonly file: File | null; readonly chunks: readonly string[] };

/** Text Displays hold more than a plain message, but no file is shown beside them. */
const displayCharsMax = 3900;
const chunkCharsMax = 1900;
/** A longer answer goes on in the file. */
export const chunksMax = 10;
const beginningCharsMax = 1200;
/** No more of an answer is looked at: its pieces take no more, and the rest is in the file. */
const shownCharsMax = 2 * chunksMax * chunkCharsMax;

/** As short as it can be: a message, one of components, or the beginning with a thread and a file. */
export function finalOf(answer: Answer): Final {
	const said = textOf(answer);
	const [mention, footer] = [`<@${answer.asker}>`, footerOf(answer)];
	const content = `${mention}\n${said}\n${footer}`;
	const common = { ...pingingAsker(answer), components: controls(answer) };
	if (content.length <= contentCharsMax)
		return { body: { content, flags: flags.suppressEmbeds, ...common }, file: null, chunks: [] };
	if (said.length <= displayCharsMax - mention.length - footer.length && fit([mention, said, footer]))
		return { body: displayed(answer, said), file: null, chunks: [] };
	const chunks = chunksOf(said, chunkCharsMax).slice(0, chunksMax);
	const beginning = closed(chunksOf(said, beginningCharsMax)[0] ?? "");
	const short = `${mention}\n${beginning}\n…\n${footer}\n-# The whole answer is in the file.`;
	return { body: { content: short, flags: flags.suppressEmbeds, ...common }, file: fileOf(answer), chunks };
}

/** In the place of the card, which cannot become a plain message again. */
export function finalInPlace(answer: Answer): object {
	const said = textOf(answer);
	const room = [displayCharsMax, 2500, 1200].find((charsMax) => fitsIn(answer, cutTo(said, charsMax)));
	return displayed(answer, cutTo(said, room ?? 300));
}

/** As plain as can be, for where Discord did not take what we made of it. */
export function finalPlain(answer: Answer): Final {
	const beginning = escaped(excerpt(answer.view.final, beginningCharsMax / 2));
	const content = `<@${answer.asker}>\n${beginning}\n-# The whole answer is in the file.`;
	return {
		body: { content, flags: flags.suppressEmbeds, ...pingingAsker(answer) },
		file: fileOf(answer),
		chunks: [],
	};
}

function fitsIn(answer: Answer, said: string): boolean {
	const texts = [`<@${answer.asker}>`, said, footerOf(answer)];
	return fit(texts) && texts.join("").length <= displayCharsMax;
}

function cutTo(said: string, charsMax: number): string {
	const room = charsMax - 600;
	return said.length <= room ? said : `${closed(chunksOf(said, Math.max(200, room))[0] ?? "")}\n…`;
}

function displayed(answer: Answer, said: string): object {
	const texts = [`<@${answer.asker}>`, said, footerOf(answer)].map(text);
	return { flags: flags.componentsV2, components: [...texts, ...controls(answer)], ...pingingAsker(answer) };
}

function pingingAsker({ asker }: Answer) {
	return { allowed_mentions: { parse: [], users: [asker] } };
}

function textOf({ view, card }: Answer): string {
	if (view.phase !== "failed")
		return closed(shownMarkdown(view.final.slice(0, shownCharsMax).trim() || "The answer is empty."));
	const reasons = view.reasons.map(
		({ agent, code, message }) => `- **${escaped(agent)}**: ${escaped(excerpt(message || code, 200))}`,
	);
	return [`**${escaped(card.title)}**`, ...reasons].join("\n");
}

function footerOf({ card }: Answer): string {
	const how = card.status === "failed" ? [] : [escaped(card.title)];
	const dissent = card.dissent === null ? [] : [`-# Dissent: ${escaped(excerpt(card.dissent, 160))}`];
	return [`-# ${[...how, card.cost, `${card.elapsedS} s`].join(" · ")}`, ...dissent].join("\n");
}

function fileOf({ view, session }: Answer): File {
	return { name: `answer-${session.slice(0, 8)}.md`, text: `# ${excerpt(view.question, 200)}\n\n${view.final}\n` };
}

function controls({ session, ask, page, card }: Answer) {
	const does = (verb: Verb) => customId({ verb, session, ask });
	const again = button({ label: "Run again", style: 2 }, does("again"));
	if (card.status === "failed") return rows([again, ...(page === null ? [] : link("Live page", page))]);
	return rows([
		button({ label: "Ask on", style: 1 }, does("more")),
		button({ label: "Reasoning", style: 2 }, does("reasons")),
		again,
		button({ label: "Export", style: 2 }, does("export")),
		...(page === null ? [] : link("Live page", page)),
	]);
}

/** What only our final message of this ask has: known again in a channel after an unknown outcome. */
export function isFinalOf({ session, ask }: Pick<Answer, "session" | "ask">, message: unknown): boolean {
	return JSON.stringify(message ?? null).includes(JSON.stringify(customId({ verb: "again", session, ask })));
}

/** A thread is named after the question. */
export function threadName(question: string): string {
	return excerpt(question, 90) || "answer";
}
