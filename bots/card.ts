import type { AgentView, View } from "../src/api/view.ts";
import { excerpt } from "../src/std/excerpt.ts";
import type { Told } from "./told.ts";

/** What the living card of a turn says, before a platform gives it its looks. All texts are plain, bounded and one line. */
export type Card = {
	readonly status: "running" | "waiting" | "consensus" | "no_consensus" | "failed" | "cancelled";
	/** Like "Round 2 · voting"; after the end the outcome in a few words. */
	readonly title: string;
	readonly agents: readonly AgentLine[];
	/** One row per agent whose vote stands; empty before the first. */
	readonly votes: readonly VoteLine[];
	/** Who leads or has won, with the support it has; null before the first vote. */
	readonly leader: { readonly of: string; readonly votes: number; readonly team: number } | null;
	/** The answer that lost with the most votes, and the best reason for it; null where nobody voted otherwise. */
	readonly dissent: string | null;
	/** What a person could do about it; null where nothing is to be done. */
	readonly hint: string | null;
	/** It waits for nothing but somebody who lets it go on. */
	readonly resumable: boolean;
	/** Like "$0.08 of $0.50" or "free". */
	readonly cost: string;
	readonly startedAtMs: number;
	/** Seconds from the turn's start to its last event. */
	readonly elapsedS: number;
	readonly notes: number;
	/** Agents that can still be dropped. */
	readonly droppable: readonly string[];
};

export type AgentLine = {
	readonly name: string;
	readonly model: string;
	readonly state: "pending" | "working" | "done" | "failed";
	readonly says: string;
};

export type VoteLine = {
	readonly agent: string;
	readonly for: string;
	readonly reason: string;
	/** For whose answer it voted before in this attempt; null where it was never another agent's. */
	readonly before: string | null;
};

const reasonCharsMax = 140;
const modelCharsMax = 60;

/** The card of a turn as it was told. */
export function cardOf(told: Told): Card {
	const { view, startedAtMs, lastAtMs } = told;
	const votes = votesOf(view);
	return {
		status: statusOf(view),
		title: titleOf(view, votes.length),
		agents: view.agents.map((agent) => lineOf(view, agent)),
		votes,
		leader: leaderOf(view),
		dissent: dissentOf(view),
		hint: hintOf(view),
		resumable: view.waiting?.for === "suspended",
		cost: costOf(told),
		startedAtMs,
		elapsedS: Math.max(0, Math.round((lastAtMs - startedAtMs) / 1000)),
		notes: view.notes.length,
		droppable: isOver(view) ? [] : view.agents.filter(({ status }) => status !== "quarantined").map(({ id }) => id),
	};
}

function isOver({ phase }: View): boolean {
	return phase === "done" || phase === "failed" || phase === "cancelled";
}

function statusOf({ phase, waiting, outcome }: View): Card["status"] {
	if (phase === "failed" || phase === "cancelled") return phase;
	if (phase === "done") return outcome.status === "consensus" ? "consensus" : "no_consensus";
	return waiting === null ? "running" : "waiting";
}

function titleOf(view: View, votes: number): string {
	const { phase, attempt, agents, outcome, presenter, waiting } = view;
	if (phase === "cancelled") return "Stopped";
	if (phase === "failed") return `No answer: none of ${agents.length} agents could answer`;
	if (phase === "done") return outcomeOf(view);
	if (waiting !== null) return waiting.for === "budget" ? "Waiting: the budget is used up" : "Waiting to be resumed";
	const round = `Round ${Math.max(1, ...agents.map((agent) => agent.round))}`;
	const where = attempt > 1 ? `Attempt ${attempt} · ${round}` : round;
	if (phase === "presenting") return `${where} · ${presenter ?? "the winner"} writes the answer`;
	return `${where} · ${outcome.status === "open" ? doing(view, votes) : "decided"}`;
}

function doing({ sealed, accepted, agents }: View, votes: number): string {
	if (votes > 0) return "voting";
	if (accepted.length === 0) return "thinking";
	if (!sealed) return "comparing answers";
	return `${agents.filter(({ answers }) => answers.length > 0).length} of ${agents.length} have answered`;
}

function outcomeOf({ outcome, agents, limit }: View): string {
	if (outcome.status === "open") return "Answered";
	const share = `${Math.round(outcome.agreement * 100)} % of ${agents.length} agents agree`;
	if (outcome.status === "consensus") return `Consensus · ${share}`;
	const reason = limit === null ? whyNot[outcome.reason] : `limit ${limit} reached`;
	return `No consensus (${reason}) · best answer · ${share}`;
}

const whyNot = {
	split: "the team is split",
	no_votes: "no votes",
	limit: "a limit was reached",
	answer_now: "asked for now",
};

function lineOf(view: View, agent: AgentView): AgentLine {
	const name = agent.id;
	const model = excerpt(
		`${agent.model}${agent.fellBack === null ? "" : ` (for ${agent.fellBack.from.model})`}`,
		modelCharsMax,
	);
	return { name, model, state: stateOf(view, agent), says: saysOf(view, agent) };
}

function stateOf(view: View, { status, answers }: AgentView): AgentLine["state"] {
	if (status === "quarantined") return "failed";
	if (status === "thinking" || status === "retrying") return "working";
	if (status === "voted" || isOver(view)) return answers.length === 0 && status === "idle" ? "pending" : "done";
	return status === "idle" ? "pending" : "done";
}

function saysOf(view: View, agent: AgentView): string {
	const { status, failure, vote, answers } = agent;
	const cause = failure === null ? "" : `: ${excerpt(failure.message || failure.code, reasonCharsMax)}`;
	switch (status) {
		case "quarantined":
			return `out${cause}`;
		case "retrying":
			return `trying again${cause}`;
		case "voted":
			return vote === null ? "voted" : votedFor(view, agent);
		case "answered":
			return answers.length > 1 ? `revised its answer (version ${answers.length})` : "answered";
		case "thinking":
			return view.presenter === agent.id ? "writes the answer" : thinks(view, agent);
		case "idle":
			return view.presenter === agent.id ? "wrote the answer" : answers.length > 0 ? "answered" : "waits";
	}
}

function votedFor(view: View, { id, vote }: AgentView): string {
	if (vote === null) return "voted";
	const what = ownerOf(view, vote.answer) === id ? "its own answer" : labelOf(view, vote.answer);
	const before = votedBefore(view, id, vote.answer);
	if (before === null) return `votes for ${what}`;
	return `changed its mind from ${before === id ? "its own answer" : before} to ${what}`;
}

function thinks({ sealed, ballot }: View, { id, answers, round }: AgentView): string {
	const last = ballot.findLast((line) => line.agent === id);
	if (last?.what === "voided" && answers.length > 0) return "weighs anew: a new answer voided its vote";
	if (answers.length > 0) return "weighs the others' answers";
	return sealed || round <= 1 ? "thinks" : "reads the others' answers";
}

function votesOf(view: View): readonly VoteLine[] {
	return view.agents.flatMap(({ id, vote }) =>
		vote === null
			? []
			: [
					{
						agent: id,
						for: labelOf(view, vote.answer),
						reason: excerpt(vote.reason, reasonCharsMax),
						before: votedBefore(view, id, vote.answer),
					},
				],
	);
}

/** The agent for whose answer this one voted last before it chose another agent's; earlier attempts do not count (P13). */
function votedBefore(view: View, agent: string, answer: string): string | null {
	const now = ownerOf(view, answer);
	const owners = view.ballot
		.filter((line) => line.what === "cast" && line.agent === agent)
		.flatMap((line) => view.accepted.find((accepted) => accepted.answer === line.answer)?.agent ?? []);
	return owners.findLast((owner) => owner !== now) ?? null;
}

/** A person reads whose answer it is, and which version where there are several. */
function labelOf(view: View, answer: string): string {
	const owner = ownerOf(view, answer);
	const agent = view.agents.find(({ id }) => id === owner);
	const version = agent === undefined ? 0 : agent.answers.findIndex((own) => own.answer === answer) + 1;
	return agent !== undefined && agent.answers.length > 1 && version > 0 ? `${owner} (version ${version})` : owner;
}

function ownerOf(view: View, answer: string): string {
	return view.accepted.find((accepted) => accepted.answer === answer)?.agent ?? answer;
}

function leaderOf(view: View): Card["leader"] {
	if (view.leader === null) return null;
	const votes = view.tally.find(({ answer }) => answer === view.leader)?.votes ?? 0;
	return { of: labelOf(view, view.leader), votes, team: view.agents.length };
}

function dissentOf({ dissent }: View): string | null {
	if (dissent === null || dissent.votes === 0) return null;
	const votes = dissent.votes === 1 ? "1 vote" : `${dissent.votes} votes`;
	const reason = excerpt(dissent.reasons[0] ?? dissent.text, reasonCharsMax);
	return `${dissent.agent} (${votes}): ${reason}`;
}

function hintOf({ waiting, phase, reasons }: View): string | null {
	if (waiting !== null) return waysOut[waiting.for];
	if (phase !== "failed") return null;
	const first = reasons[0];
	return first === undefined ? null : excerpt(`${first.agent}: ${first.message || first.code}`, reasonCharsMax);
}

/** In a chat nobody sends commands: what is named here is a button of the card. */
const waysOut = {
	suspended: "It was interrupted several times in a row, so nothing more is spent until you say so: Go on, or Stop.",
	budget: "This conversation has spent its budget. It goes on once that is raised; Stop ends this question.",
} as const satisfies Record<NonNullable<View["waiting"]>["for"], string>;

/** Of this turn alone, as the cap beside it. */
function costOf({ view, turnUsd, budgetUsd }: Told): string {
	const of = budgetUsd === null ? "" : ` of $${budgetUsd.toFixed(2)}`;
	if (turnUsd === null) return `cost unknown${of}`;
	if (turnUsd === 0 && of === "" && isFree(view)) return "free";
	return `$${turnUsd > 0 && turnUsd < 0.01 ? turnUsd.toFixed(4) : turnUsd.toFixed(2)}${of}`;
}

/** Until its calls have ended nobody knows what a turn costs, unless nobody in it takes money. */
function isFree(view: View): boolean {
	return isOver(view) || view.agents.every(({ backend }) => backend === "demo");
}
