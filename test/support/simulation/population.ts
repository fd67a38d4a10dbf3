import type { Command, ModelReply } from "../../../src/consensus/commands.ts";
import type { DecisionTool } from "../../../src/consensus/events.ts";
import type { WantedCall } from "../../../src/consensus/plan.ts";
import type { Session, Turn } from "../../../src/consensus/state.ts";
import type { JsonObject } from "../../../src/std/json.ts";
import type { Chance } from "./chance.ts";
import type { Core } from "./core.ts";
import type { Temper } from "./scenario.ts";

/** What one voter is shown: taken from the state alone, by label, in no order that means anything. */
export type Shown = { readonly label: string; readonly text: string };

export type View = {
	readonly purpose: WantedCall["purpose"];
	readonly offers: readonly DecisionTool[];
	readonly shown: readonly Shown[];
	readonly seats: number;
	readonly reminded: boolean;
};

/** What becomes of one call: reports about it, each after a delay. None ends it: it hangs until its deadline. */
export type Course = readonly { readonly afterMs: number; readonly command: Command }[];

/** The view of whoever makes this call. `displayed` in the order of the transcript; a later version replaces an earlier one. */
export function viewOf(core: Core, session: Session, call: WantedCall): View {
	const turn = session.current;
	const seats = session.team.agents.length;
	const none: View = { purpose: call.purpose, offers: call.offers, shown: [], seats, reminded: false };
	if (turn === null) return none;
	if (turn.phase.status === "judging")
		return { ...none, shown: labelled(core, session, { voter: seats, ids: turn.phase.answers }) };
	const voter = turn.seats.findIndex((seat) => seat.agent === call.agent);
	const activity = turn.seats[voter]?.activity;
	if (activity?.status !== "thinking") return none;
	const { round } = activity;
	const ids = [...round.shown, ...round.exchanges.flatMap((exchange) => exchange.informed)];
	return { ...none, shown: labelled(core, session, { voter, ids }), reminded: round.reminders > 0 };
}

function labelled(
	core: Core,
	session: Session,
	{ voter, ids }: { voter: number; ids: readonly string[] },
): readonly Shown[] {
	const turn = session.current as Turn;
	const { ofSeat } = core.labelsOf(session.seed, voter, turn.seats.length);
	const byLabel = new Map<string, string>();
	for (const id of ids) {
		const answer = turn.answers.find((candidate) => candidate.id === id);
		const seat = turn.seats.findIndex(({ agent }) => agent === answer?.agent);
		byLabel.set(ofSeat[seat] ?? "none", answer?.text ?? "");
	}
	return [...byLabel].map(([label, text]) => ({ label, text }));
}

/** What happens to a call of an agent with this temper. */
export function courseOf(
	view: View,
	call: WantedCall,
	{ temper, answersMax, chance }: { temper: Temper; answersMax: number; chance: Chance },
): Course {
	const endMs = chance.between(200, temper.secondsMax * 1000);
	if (chance.happens(temper.hangs)) return [];
	const writes = view.purpose === "presentation";
	const { pieces, reply: whole } = writes
		? presentation(chance)
		: { pieces: [], reply: decision(view, { temper, answersMax, chance }) };
	const reply = chance.happens(temper.pauses) ? interrupted(whole, chance) : whole;
	const begun = pieces.length > 0 || chance.happens(0.2);
	const streamed = begun ? [streaming(call, pieces, endMs)] : [];
	const ended: Command = { type: "call.ended", call: call.id, reply, bill: bill(chance) };
	return [
		...streamed,
		{ afterMs: endMs, command: chance.happens(temper.fails) ? failure(call, begun, chance) : ended },
	];
}

function streaming(call: WantedCall, texts: readonly string[], endMs: number): Course[number] {
	const pieces = (texts.length > 0 ? texts : ["Let me see."]).map((text) => ({ kind: "text", text }) as const);
	return {
		afterMs: endMs >> 1,
		command: { type: "call.streamed", call: call.id, pieces: [...pieces, { kind: "reasoning", text: "hm" }] },
	};
}

function failure(call: WantedCall, begun: boolean, chance: Chance): Command {
	const code = chance.pick(["rate_limited", "overloaded", "auth"]);
	const retryInMs = chance.pick([0, 1_000, 20_000, 60_000]);
	return {
		type: "call.failed",
		call: call.id,
		code,
		message: "No.",
		retryable: chance.happens(0.75),
		begun,
		retryInMs,
		bill: bill(chance),
	};
}

function bill(chance: Chance): {
	usage: { input: number; output: number; cached: null; reasoning: null } | null;
	costUsd: number | null;
	tookMs: number;
} {
	const tookMs = chance.between(0, 60_000);
	if (chance.happens(0.2)) return { usage: null, costUsd: chance.happens(0.8) ? null : 0, tookMs };
	return {
		tookMs,
		usage: { input: chance.between(0, 500), output: chance.between(0, 300), cached: null, reasoning: null },
		costUsd: chance.between(0, 7) / 128,
	};
}

/** Most presenters stream what they end with; some begin anew in the middle, some write nothing. */
function presentation(chance: Chance): { pieces: readonly string[]; reply: ModelReply } {
	const text = chance.happens(0.08) ? " " : `Finally: ${chance.between(1, 9)}.`;
	const streamed = chance.happens(0.1) ? "Well, " : text.slice(0, chance.between(0, text.length));
	const cut = chance.between(0, streamed.length);
	const pieces = [streamed.slice(0, cut), streamed.slice(cut)].filter((piece) => piece !== "");
	return { pieces, reply: { text, toolCalls: [], paused: false } };
}

/** Most pauses come before the decision, some right after it. */
function interrupted(reply: ModelReply, chance: Chance): ModelReply {
	return { ...reply, toolCalls: chance.happens(0.9) ? [] : reply.toolCalls, paused: true };
}

type Mood = { readonly temper: Temper; readonly answersMax: number; readonly chance: Chance };

function decision(view: View, mood: Mood): ModelReply {
	const { temper, chance } = mood;
	if (chance.happens(temper.breaksRules)) return broken(view, mood);
	if (view.shown.length === 0) return calling(["new_answer", { content: fresh(mood) }]);
	const answers = view.offers.includes("new_answer");
	if (answers && chance.happens(temper.copies))
		return calling(["new_answer", { content: reworded(anyShown(view, chance).text, chance) }]);
	if (answers && chance.happens(temper.revises)) return calling(["new_answer", { content: fresh(mood) }]);
	return calling(["vote", { answer: anyShown(view, chance).label, reason: `because ${chance.between(1, 9)}` }]);
}

/** A reply that P1 refuses, or that is only allowed now and then. */
function broken(view: View, mood: Mood): ModelReply {
	const { chance } = mood;
	const vote: Called = ["vote", { answer: `answer_${chance.between(1, view.seats)}`, reason: "blind" }];
	const answer: Called = ["new_answer", { content: fresh(mood) }];
	const replies: readonly [readonly Called[], ...(readonly Called[])[]] = [
		[],
		[vote, answer],
		[vote, vote],
		[["search", { query: "?" }]],
		[vote, ["search", {}]],
		[["vote", { answer: "answer_99", reason: "?" }]],
		[["vote", { answer: 5 }]],
		[["new_answer", { content: " " }]],
		[["new_answer", {}]],
		[answer],
		[vote],
	];
	return calling(...chance.pick(replies));
}

type Called = readonly [string, JsonObject];

function calling(...calls: readonly Called[]): ModelReply {
	return { text: "", toolCalls: calls.map(([name, args]) => ({ name, arguments: args })), paused: false };
}

const fresh = ({ chance, answersMax }: Mood): string => `The answer is ${chance.between(1, answersMax)}.`;

/** The same again, or almost: other spaces, other words, or its negation. */
function reworded(text: string, chance: Chance): string {
	return chance.pick([
		text,
		` ${text.replaceAll(" ", "  ")}`,
		text.replace("answer", "result"),
		text.replace("is ", "is not "),
	]);
}

function anyShown({ shown }: View, chance: Chance): Shown {
	return shown[chance.between(0, shown.length - 1)] ?? { label: "answer_1", text: "" };
}
