import type { KnownBlock, PlanBlock } from "@slack/web-api";
import type { View } from "../../src/api/view.ts";
import { cardOf, type AgentLine, type Card } from "../card.ts";
import type { Told } from "../told.ts";
import { linkAction } from "./inbound.ts";
import {
	actions,
	button,
	context,
	limits,
	linkButton,
	mrkdwn,
	runValue,
	section,
	type Message,
	type Run,
} from "./message.ts";
import { called, cut, duration, escaped, line, markdown, moment, plain } from "./text.ts";

/** A turn as Slack shows it: the card while it goes on, what is left of the card, the final answer. */

/** `page`: where the session can be watched; null where that is not known. */
export type Shown = { readonly run: Run; readonly page: string | null };

/** The one message that shows how it goes, edited in place. */
export function cardMessage(told: Told, shown: Shown): Message {
	const card = cardOf(told);
	return isRunning(card) ? running(card, told, shown) : over(card, shown);
}

function isRunning({ status }: Card): boolean {
	return status === "running" || status === "waiting";
}

function running(card: Card, told: Told, shown: Shown): Message {
	const { waiting } = told.view;
	const hint =
		waiting === null ? [] : [section(`:warning: ${line(waiting.detail, 300)} ${wayOut[waiting.for].words}`)];
	const blocks = [plan(card), ...votes(card), ...hint, context(standing(card, told)), controls(card, shown, waiting)];
	return { text: line(card.title, limits.titleChars), blocks };
}

type Waiting = View["waiting"];

/** What a person can do here about a session that waits. */
const wayOut = {
	suspended: { words: "*Go on* takes it up again, *Stop* ends this turn.", label: "Go on", action: actions.resume },
	budget: {
		words: "Whoever runs this app can double what the session may use; *Stop* ends this turn.",
		label: "Double the budget",
		action: actions.budget,
	},
} as const satisfies Record<NonNullable<Waiting>["for"], object>;

function plan(card: Card): PlanBlock {
	const title = `${card.title} · ${duration(card.elapsedS)} · ${card.cost}`;
	return {
		type: "plan",
		title: plain(title, limits.titleChars),
		tasks: card.agents.map((agent, seat) => ({
			type: "task_card",
			task_id: `agent-${seat + 1}`,
			title: plain(`${agent.name} · ${agent.model} — ${agent.says}`, limits.titleChars),
			status: taskStatus[agent.state],
		})),
	};
}

const taskStatus = {
	pending: "pending",
	working: "in_progress",
	done: "complete",
	failed: "error",
} as const satisfies Record<AgentLine["state"], string>;

function votes(card: Card): KnownBlock[] {
	if (card.votes.length === 0) return [];
	const rows = card.votes.map((vote) => [
		vote.agent,
		vote.for,
		vote.reason,
		vote.before === null ? "no" : `from ${vote.before}`,
	]);
	const cells = [["Agent", "Votes for", "Because", "Changed its mind"], ...rows].map((row) =>
		// An empty cell is refused.
		row.map((text) => ({ type: "raw_text" as const, text: plain(text, limits.cellChars) || "–" })),
	);
	return [{ type: "table", rows: cells, column_settings: [{}, {}, { is_wrapped: true }, {}] }];
}

function standing(card: Card, { startedAtMs, lastAtMs }: Told): string {
	const leader = card.leader;
	const leads = leader === null ? [] : [`${line(leader.of, 60)} leads with ${leader.votes} of ${leader.team}`];
	const notes = card.notes === 0 ? [] : [card.notes === 1 ? "1 note" : `${card.notes} notes`];
	const times = [`asked ${moment(startedAtMs)}`, `updated ${clock(lastAtMs)}`];
	return [...leads, ...notes, ...times].join(" · ");
}

/** To the second, in the reader's own time. */
function clock(ms: number): string {
	return `<!date^${Math.floor(ms / 1000)}^{time_secs}|${new Date(ms).toISOString().slice(11, 19)} UTC>`;
}

function controls(card: Card, { run, page }: Shown, waiting: Waiting): KnownBlock {
	const value = runValue(run);
	const drop = card.droppable.length < 2 ? [] : [option("Drop an agent…", `drop ${value}`)];
	return {
		type: "actions",
		elements: [
			button("Stop", actions.stop, value, { style: "danger" }),
			onward(waiting, value),
			...watching(page),
			{
				type: "overflow",
				action_id: actions.more,
				options: [option("Add a note…", `note ${value}`), ...drop, option("Show reasoning", `why ${value}`)],
			},
		],
	};
}

function onward(waiting: Waiting, value: string) {
	if (waiting === null) return button("Answer now", actions.now, value);
	const { label, action } = wayOut[waiting.for];
	return button(label, action, value, { style: "primary" });
}

function option(text: string, value: string) {
	return { text: { type: "plain_text" as const, text }, value };
}

function watching(page: string | null) {
	return page === null ? [] : [linkButton("Open live page", `${linkAction}_page`, page)];
}

/** Three lines: the answer stands below, in a message of its own. */
function over(card: Card, { run }: Shown): Message {
	const leader = card.leader;
	const winner =
		leader === null ? "nobody has voted" : `${line(leader.of, 60)} with ${leader.votes} of ${leader.team} votes`;
	const changes = card.votes.filter(({ before }) => before !== null).map(({ agent }) => agent);
	const changed = changes.length === 0 ? "" : ` · changed their mind: ${line(changes.join(", "), 200)}`;
	const second = card.hint === null ? `${card.agents.length} agents · ${winner}${changed}` : line(card.hint, 500);
	const third = `${duration(card.elapsedS)} · ${line(card.cost, 60)} · asked ${moment(card.startedAtMs)}`;
	const first = `${marks[card.status]} *${line(card.title, limits.titleChars)}*`;
	const text = cut([first, second, third].join("\n"), limits.sectionChars);
	const again = { type: "actions" as const, elements: [button("Run again", actions.again, runValue(run))] };
	// Whoever stopped it gets no answer with buttons below.
	const blocks = card.status === "cancelled" ? [section(text), again] : [section(text)];
	return { text: line(card.title, limits.titleChars), blocks };
}

const marks = {
	running: ":hourglass:",
	waiting: ":hourglass:",
	consensus: ":white_check_mark:",
	no_consensus: ":scales:",
	failed: ":x:",
	cancelled: ":octagonal_sign:",
} as const satisfies Record<Card["status"], string>;

export type Final = {
	readonly message: Message;
	/** The whole answer, where it is too long for a message. */
	readonly file: { readonly name: string; readonly text: string } | null;
};

/** The message that alone notifies: the answer, how it came about, and what can be done with it. */
export function finalMessage(told: Told, shown: Shown): Final {
	const card = cardOf(told);
	const { run } = shown;
	const greeting = called(run.asker);
	if (card.status === "failed") return failed(card, told.view, shown);
	const whole = markdown(told.view.final);
	const isLong = whole.length > limits.markdownChars;
	const answer = isLong ? `${cut(whole, summaryChars)}\n\n_The whole answer is in the file below._` : whole;
	const note = [greeting, `${marks[card.status]} ${line(card.title, limits.titleChars)}`, line(card.cost, 60)];
	const dissent =
		card.dissent === null ? [] : [context(`:speech_balloon: Minority answer: ${line(card.dissent, 400)}`)];
	const blocks: KnownBlock[] = [
		{ type: "markdown", text: answer === "" ? "_The answer is empty._" : answer },
		context(note.filter((part) => part !== "").join(" · ")),
		...dissent,
		feedback(run),
		ended(run),
	];
	const text = cut([greeting, escaped(cut(whole, 600))].filter((part) => part !== "").join(" "), limits.textChars);
	const file = isLong ? { name: `answer-${run.turn}.md`, text: told.view.final } : null;
	return { message: { text, blocks }, file };
}

/** Of a long answer; the rest is in the file. */
const summaryChars = 2800;

function failed(card: Card, { reasons }: View, { run }: Shown): Final {
	const why = reasons.map(({ agent, code, message }) => `• *${line(agent, 40)}*: ${line(message || code, 140)}`);
	const head = `${called(run.asker)} ${marks.failed} ${line(card.title, limits.titleChars)}`.trim();
	const text = cut([head, ...why].join("\n"), limits.sectionChars);
	const again = { type: "actions" as const, elements: [button("Run again", actions.again, runValue(run))] };
	return { message: { text, blocks: [section(text), again] }, file: null };
}

function feedback(run: Run): KnownBlock {
	const side = (text: string, verdict: string) => ({
		text: { type: "plain_text" as const, text },
		value: `${verdict} ${runValue(run)}`,
	});
	return {
		type: "context_actions",
		elements: [
			{
				type: "feedback_buttons",
				action_id: actions.feedback,
				positive_button: side("Good answer", "good"),
				negative_button: side("Bad answer", "bad"),
			},
		],
	};
}

function ended(run: Run): KnownBlock {
	const value = runValue(run);
	return {
		type: "actions",
		elements: [
			button("Run again", actions.again, value),
			button("Export .md", actions.export, value),
			button("Show reasoning", actions.why, value),
		],
	};
}

/** What is posted where Slack refuses the blocks: no layout, nothing that could be wrong with it. */
export function plainMessage({ text }: Message): Message {
	return { text, blocks: [section(cut(text, limits.sectionChars))] };
}

/** One line to one person. */
export function noteTo(text: string): Message {
	return { text, blocks: [{ type: "section", text: mrkdwn(cut(text, limits.sectionChars)) }] };
}
