import type { Command } from "../../../src/consensus/commands.ts";
import type { CountedVote, SessionEvent } from "../../../src/consensus/events.ts";
import { quorumOf, type AgentId } from "../../../src/consensus/team.ts";
import { hold } from "./breach.ts";
import { sessionSpent, spareOf, spent } from "./book-budget.ts";
import { counted, currentOf, exhausted, openStep, outstanding, seatOf } from "./ledger.ts";
import type { ConsensusEvent, Ledger, TurnBook } from "./ledger.ts";
import {
	agreedByHand,
	bestAtCut,
	bestOf,
	countsOf,
	settledByHand,
	supportWithAuthors,
	tiedOf,
	votesAtCut,
	type Count,
} from "./verdict-oracle.ts";

type Of<T extends SessionEvent["type"]> = SessionEvent & { readonly type: T };

const sameVotes = (a: readonly CountedVote[], b: readonly CountedVote[]) => JSON.stringify(a) === JSON.stringify(b);

/** P8, P14: a consensus stands on the votes counted now, by the rule it names, with its quorum. */
export function consensusReached(ledger: Ledger, turn: TurnBook, event: Of<"consensus.reached">): void {
	open(turn);
	const { answer, votes, agreement, stop } = event;
	if (stop === "alone") {
		hold(ledger.team.agents.length === 1, "I30", "one of several decides alone");
		hold(answer === currentOf(turn)[0]?.id && votes.length === 0 && agreement === 1, "I30", "a team of one");
	} else {
		hold(ledger.team.agents.length > 1, "I30", "a team of one votes");
		hold(sameVotes(votes, counted(turn)), "I5", "the counted votes are others");
		hold(stopAllowed(ledger, turn, stop), "I15", `deliberation ends by ${stop}`);
		const best = winnerNow(ledger, turn);
		hold(best?.ids[0] === answer, "I12", `${answer} wins, not ${best?.ids[0]}`);
		const support = stop === "agreed" ? supportWithAuthors(turn, best, votes) : best.votes;
		hold(support >= quorumOf(ledger.team), "I14", `consensus with ${support} votes`);
		hold(agreement === support / turn.seats.length, "I14", `agreement ${agreement}`);
	}
	tallyHolds(turn, event);
	turn.verdict = event;
}

/** P8, P9, P16: no consensus: why, and the best all the same. */
export function consensusFailed(ledger: Ledger, turn: TurnBook, event: Of<"consensus.failed">, cause: Command): void {
	open(turn);
	const { reason, best, votes, agreement } = event;
	if (reason === "limit" || reason === "answer_now") {
		hold(
			reason === "answer_now" ? turn.answerNow : limitReached(ledger, turn, { event, cause }),
			"I21",
			`cut short by ${event.limit ?? reason}`,
		);
		hold(sameVotes(votes, votesAtCut(ledger, turn, reason)), "I21", "other votes decide");
		hold(best === bestAtCut(turn, votes), "I21", `${best} is best, not ${bestAtCut(turn, votes)}`);
	} else {
		hold(sameVotes(votes, counted(turn)), "I5", "the counted votes are others");
		const { stop } = ledger.team.protocol;
		const stopped = (["all", "settled", "agreed"] as const).some(
			(rule) => (rule === "all" || stop !== "all") && stopAllowed(ledger, turn, rule),
		);
		hold(stopped, "I15", "deliberation ends too early");
		const winner = winnerNow(ledger, turn);
		hold(winner?.ids[0] === best, "I12", `${best} is best, not ${winner?.ids[0]}`);
		hold(supportOf(ledger, turn, winner) < quorumOf(ledger.team), "I14", "a consensus is called none");
		hold(reason === (votes.length === 0 ? "no_votes" : "split"), "I14", `reason ${reason}`);
	}
	const row = countsOf(currentOf(turn), votes, null).find(({ ids }) => ids[0] === best);
	const cut = reason === "limit" || reason === "answer_now";
	const support = row === undefined ? 0 : cut ? row.votes : supportOf(ledger, turn, row);
	hold(agreement === support / turn.seats.length, "I14", `agreement ${agreement}`);
	tallyHolds(turn, event);
	turn.verdict = event;
}

/** P8: the agents behind the winner; under `agreed` its authors, unless all have voted anyway. */
function supportOf(ledger: Ledger, turn: TurnBook, count: Count): number {
	const early = outstanding(turn).length > 0 && stopAllowed(ledger, turn, "agreed");
	return early ? supportWithAuthors(turn, count, counted(turn)) : count.votes;
}

function open(turn: TurnBook): void {
	hold(turn.verdict === null, "I23", "a second verdict");
	hold(turn.calls.size === 0, "I31", "the deliberation leaves calls open");
	turn.judging = null;
	for (const seat of turn.seats) seat.round = null;
}

/** P8: the judge has been asked where only it or the sealed order could part the first ones. */
function winnerNow(ledger: Ledger, turn: TurnBook) {
	const counts = countsOf(currentOf(turn), counted(turn), turn.ruling?.answer ?? null);
	const unasked = ledger.team.protocol.judge !== null && turn.ruling === null && spent(ledger, turn) === null;
	hold(!unasked || tiedOf(counts).length < 2, "I12", "the judge was not asked");
	return bestOf(counts);
}

function stopAllowed(ledger: Ledger, turn: TurnBook, rule: "all" | "settled" | "agreed"): boolean {
	const { stop, start } = ledger.team.protocol;
	if (rule === "all") return outstanding(turn).length === 0;
	const allAnswered = turn.seats.every(({ out, answers }) => out !== null || answers > 0);
	if (stop === "all" || !(start === "sealed" ? turn.sealOpen : allAnswered)) return false;
	if (rule === "agreed") return stop === "agreed" && agreedByHand(ledger, turn);
	return settledByHand(ledger, turn) ?? true;
}

function limitReached(
	ledger: Ledger,
	turn: TurnBook,
	{ event, cause }: { event: Of<"consensus.failed">; cause: Command },
): boolean {
	if (event.limit === "budget.seconds") return turn.limit === event.limit;
	if (event.limit === "turn_seconds") return cause.type === "deadline.passed" && cause.key === `turn:t${turn.number}`;
	if (event.limit === "rounds_per_agent") return outstanding(turn).every((seat) => exhausted(ledger, seat));
	return event.limit === spent(ledger, turn);
}

function tallyHolds(turn: TurnBook, event: ConsensusEvent): void {
	const { tally, votes } = event;
	const first = event.type === "consensus.reached" ? event.answer : event.best;
	const counts = countsOf(currentOf(turn), votes, null);
	const given = tally.map(({ answer, votes: n, self_votes, pooled }) => [answer, ...pooled, n, self_votes].join());
	const due = counts.map(({ ids, votes: n, selfVotes }) => [...ids, n, selfVotes].join());
	hold(
		given.toSorted().join(";") === due.toSorted().join(";"),
		"I13",
		`tally ${given.join(";")}, not ${due.join(";")}`,
	);
	hold(tally[0]?.answer === first, "I13", "the winner does not stand first");
	hold(tally.reduce((sum, row) => sum + row.votes, 0) === votes.length, "I13", "the votes do not add up");
}

/** P8: a tie that the judge breaks. */
export function judgeAsked(ledger: Ledger, turn: TurnBook, { answers }: Of<"judge.asked">): void {
	const tied = tiedOf(countsOf(currentOf(turn), counted(turn), null));
	hold(ledger.team.protocol.judge !== null && turn.ruling === null, "I12", "the judge is asked for nothing");
	hold(
		answers.length > 1 && answers.join() === tied.map(({ ids }) => ids[0]).join(),
		"I12",
		`the judge is asked about ${answers.join()}`,
	);
	hold(turn.calls.size === 0, "I31", "the deliberation leaves calls open");
	turn.judging = { ...openStep(), answers };
}

export function judgeAnswered(_: Ledger, turn: TurnBook, event: Of<"judge.ruled" | "judge.failed">): void {
	const answer = event.type === "judge.ruled" ? event.answer : null;
	hold(
		turn.judging !== null && (answer === null || turn.judging.answers.includes(answer)),
		"I12",
		"the judge rules on something else",
	);
	turn.judging = null;
	turn.ruling = { answer };
}

/** P12: the winner presents as the team says, or its answer as it is. */
export function presentationStarted(
	ledger: Ledger,
	turn: TurnBook,
	{ agent, try: number, mode }: Of<"presentation.started">,
	cause: Command,
): void {
	const { verdict, presentation } = turn;
	hold(verdict !== null, "I29", "a presentation without a verdict");
	const winner = turn.answers.find(({ id }) => id === winnerOf(verdict));
	hold(agent === winner?.agent, "I29", `${agent} presents, not ${winner?.agent}`);
	hold(number === (presentation?.try ?? 0) + 1, "I29", `try ${number}`);
	hold(presentation?.mode !== "reuse", "I29", "a reuse is tried again");
	if (presentation === null) hold(mode === modeDue(ledger, turn, verdict), "I29", `${mode} at first`);
	else
		hold(
			mode === "reuse" || (mode === presentation.mode && !presentation.failed),
			"I29",
			`${mode} after ${presentation.mode}`,
		);
	hold(presentation?.failed !== true || !spareLeft(ledger, turn, { agent, cause }), "I39", `${agent} gives up early`);
	turn.presentation = { ...(presentation ?? openStep()), failed: false, agent, try: number, mode, text: "" };
}

/** P10: whether a failure just now should have brought in the fallback. */
function spareLeft(ledger: Ledger, turn: TurnBook, { agent, cause }: { agent: AgentId; cause: Command }): boolean {
	const seat = seatOf(turn, agent);
	const failed = cause.type === "call.failed" || cause.type === "call.ended";
	return failed && seat !== undefined && spareOf(ledger, turn, seat) !== null;
}

const winnerOf = (verdict: ConsensusEvent) => (verdict.type === "consensus.reached" ? verdict.answer : verdict.best);

function modeDue(ledger: Ledger, turn: TurnBook, verdict: ConsensusEvent): string {
	const winner = turn.answers.find(({ id }) => id === winnerOf(verdict));
	const gone = seatOf(turn, winner?.agent ?? null)?.out !== null;
	const limited = (verdict.type === "consensus.failed" && verdict.reason === "limit") || spent(ledger, turn) !== null;
	const alone = verdict.type === "consensus.reached" && verdict.stop === "alone";
	return gone || limited || alone ? "reuse" : ledger.team.protocol.final;
}

export function finalText(_: Ledger, turn: TurnBook, { text }: Of<"final.text">): void {
	hold(turn.presentation !== null, "I28", "final text outside a presentation");
	turn.presentation.text += text;
}

/** P11, P12: the end of a turn repeats its verdict, with the text that was presented. */
export function turnFinished(ledger: Ledger, turn: TurnBook, event: Of<"turn.finished">, cause: Command): void {
	const { verdict, presentation } = turn;
	hold(verdict !== null && presentation !== null, "I29", "a turn finishes unpresented");
	hold(event.answer === presentation.text, "I28", `"${event.answer}" is not "${presentation.text}"`);
	const unfinished = cause.type === "call.ended" && cause.reply.paused && presentation.mode !== "reuse";
	hold(!unfinished, "I28", "an unfinished presentation is final");
	const winner = turn.answers.find(({ id }) => id === winnerOf(verdict));
	hold(event.winner.answer === winner?.id && event.winner.agent === winner.agent, "I29", "another winner at the end");
	if (presentation.mode === "reuse") hold(event.answer === winner.text, "I28", "a reuse changes the answer");
	hold(event.consensus === (verdict.type === "consensus.reached"), "I14", "consensus at the end is another");
	hold(
		event.agreement === verdict.agreement && JSON.stringify(event.tally) === JSON.stringify(verdict.tally),
		"I27",
		"another tally at the end",
	);
	hold(sameVotes(event.votes, verdict.votes), "I27", "other votes at the end");
	dissentHolds(turn, event);
	ended(ledger, turn, event.turn);
}

/** P11: the best of those that did not win, with the reasons of its voters. */
function dissentHolds(turn: TurnBook, { dissent, votes, winner }: Of<"turn.finished">): void {
	const counts = countsOf(currentOf(turn), votes, turn.ruling?.answer ?? null);
	const best = bestOf(counts.filter(({ ids }) => !ids.includes(winner.answer)));
	const answer = turn.answers.find(({ id }) => id === best?.ids[0]);
	const reasons = votes.filter((vote) => best?.ids.includes(vote.answer)).map(({ reason }) => reason);
	const due =
		answer === undefined
			? null
			: { agent: answer.agent, answer: answer.id, text: answer.text, votes: best?.votes, reasons };
	hold(
		JSON.stringify(dissent) === JSON.stringify(due),
		"I27",
		`dissent ${JSON.stringify(dissent)}, not ${JSON.stringify(due)}`,
	);
}

/** P10: only without an answer. */
export function turnFailed(ledger: Ledger, turn: TurnBook, { turn: number, reasons }: Of<"turn.failed">): void {
	hold(turn.answers.length === 0, "I26", "a turn with an answer fails");
	const begun = turn.spend.calls > 0 || sessionSpent(ledger) === null;
	hold(begun, "I43", "a turn fails that could wait for the session's budget");
	hold(
		reasons.map(({ agent }) => agent).join() === turn.seats.map(({ agent }) => agent).join(),
		"I26",
		"the reasons are not one for each agent",
	);
	const told = turn.seats.every(
		({ out }, i) => reasons[i]?.code !== "" && (out === null || reasons[i]?.code === out),
	);
	hold(told, "I26", "a reason is not that of the quarantine");
	ended(ledger, turn, number);
}

/** P9: one end for each turn, with nothing left open. */
export function ended(ledger: Ledger, turn: TurnBook, number: number): void {
	hold(turn.number === number, "I23", `turn ${number} ends in turn ${turn.number}`);
	hold(turn.calls.size === 0, "I31", `turn ${number} leaves ${[...turn.calls.keys()].join()} open`);
	ledger.turn = null;
}
