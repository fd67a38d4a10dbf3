import type { ActionsBlock, KnownBlock, MrkdwnElement } from "@slack/web-api";

/** What a message of ours is made of. */
export type Message = {
	/** What notifications show, and what is posted where the blocks are refused. */
	readonly text: string;
	readonly blocks: KnownBlock[];
};

/** What a button knows of the run that it belongs to. Only our own app writes it, so that it need not be checked again. */
export type Run = { readonly session: string; readonly turn: number; readonly asker: string };

/** Slack refuses longer ones; some only in practice. */
export const limits = {
	textChars: 3000,
	sectionChars: 3000,
	markdownChars: 11_500,
	titleChars: 250,
	cellChars: 150,
	optionValueChars: 150,
} as const;

export const actions = {
	stop: "massgen_stop",
	now: "massgen_now",
	resume: "massgen_resume",
	budget: "massgen_budget",
	more: "massgen_more",
	why: "massgen_why",
	again: "massgen_again",
	export: "massgen_export",
	feedback: "massgen_feedback",
	team: "massgen_team",
} as const;

export const modals = { note: "massgen_note", drop: "massgen_drop", ask: "massgen_ask" } as const;
export const shortcut = "massgen_ask_about";

const version = "v1";

/** A run as the value of a button, read again by `runIn`. */
export function runValue({ session, turn, asker }: Run): string {
	return [version, turn, asker, session].join(":");
}

/** Null for what an older or a newer release of ours has written. */
export function runIn(value: string): Run | null {
	const [, turn, asker = "", session = ""] =
		/^v1:(\d{1,6}):([A-Z0-9]{0,32}):([A-Za-z0-9_-]{1,64})$/.exec(value) ?? [];
	return turn === undefined ? null : { turn: Number(turn), asker, session };
}

/** Markup whose names and links are not looked for: only what we have written in brackets counts. */
export function mrkdwn(text: string): MrkdwnElement {
	return { type: "mrkdwn", text, verbatim: true };
}

/** A paragraph in Slack's own markup. */
export function section(text: string): KnownBlock {
	return { type: "section", text: mrkdwn(text) };
}

/** A line in small print. */
export function context(text: string): KnownBlock {
	return { type: "context", elements: [mrkdwn(text)] };
}

type Element = ActionsBlock["elements"][number];

/** Sends its action and its value to us. */
export function button(
	text: string,
	action: string,
	value: string,
	more: { style?: "primary" | "danger" } = {},
): Element {
	return { type: "button", action_id: action, text: { type: "plain_text", text }, value, ...more };
}

/** Opens a page; Slack tells us of the click as well. */
export function linkButton(text: string, action: string, url: string): Element {
	return { type: "button", action_id: action, text: { type: "plain_text", text }, url };
}
