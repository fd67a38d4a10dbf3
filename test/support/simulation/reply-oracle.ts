import type { Command, ModelReply } from "../../../src/consensus/commands.ts";
import type { AnswerId, SessionEvent } from "../../../src/consensus/events.ts";
import type { InvariantId } from "../../../src/consensus/invariants.ts";
import { isCopy } from "../../../src/consensus/novelty.ts";
import { billOf, plus, spareOf } from "./book-budget.ts";
import type { Core } from "./core.ts";
import { answerAllowed, currentOf, seatOf, unseenPools } from "./ledger.ts";
import type { BookAnswer, BookCall, BookRound, BookSeat, Ledger, TurnBook } from "./ledger.ts";

/** One event that must follow, written as a line, and the invariant that is broken if it does not. */
export type Expected = readonly [invariant: InvariantId, line: string];

type Desk = {
	readonly core: Core;
	readonly ledger: Ledger;
	readonly turn: TurnBook;
	readonly seat: BookSeat;
	readonly round: BookRound;
};

/** What the protocol says must follow from a report about a round, told from the bookkeeping; null where it says nothing. */
export function expectedOf(core: Core, ledger: Ledger, command: Command): readonly Expected[] | null {
	const { turn } = ledger;
	if (turn === null || !("call" in command) || turn.verdict !== null) return null;
	const call = turn.calls.get(command.call);
	const seat = seatOf(turn, call?.agent ?? null);
	if (call?.purpose !== "round" || seat === undefined || seat.round === null) return null;
	const desk = { core, ledger, turn, seat, round: seat.round };
	switch (command.type) {
		case "call.ended":
			return replyTo(desk, call, command.reply);
		case "call.failed":
			return failure(desk, command);
		case "call.lost":
			return desk.round.lost === 0 ? [] : gone(seat, "lost", "I32");
		default:
			return [];
	}
}

/** The events of a batch that answer a report, as lines. */
export function linesOf(events: readonly SessionEvent[]): readonly string[] {
	return events.flatMap((event) => {
		const line = lineOf(event);
		return line === null ? [] : [line];
	});
}

function lineOf(event: SessionEvent): string | null {
	switch (event.type) {
		case "answer.accepted":
			return `accepted ${event.answer}`;
		case "answer.refused":
			return `answer refused ${event.reason}${event.of === undefined ? "" : ` ${event.of}`}`;
		case "vote.cast":
			return `cast ${event.agent} ${event.answer}`;
		case "vote.refused":
			return `vote refused ${event.reason}`;
		case "votes.voided":
		case "votes.suspended":
			return `${event.type} ${event.votes.map(({ agent, answer }) => `${agent}=${answer}`).join(" ")} by ${event.by}`;
		case "agent.reminded":
			return `reminded ${event.agent} ${event.reason}`;
		case "agent.informed":
			return `informed ${event.agent} ${event.answers.join(" ")} notes ${event.notes}`;
		case "agent.failed":
			return `failed ${event.agent} ${event.code} ${event.retry_in_ms === null ? "for good" : "again"}`;
		case "agent.fell_back":
			return `fell back ${event.agent} ${event.code}`;
		case "agent.paused":
			return `paused ${event.agent}`;
		case "agent.quarantined":
			return `quarantined ${event.agent} ${event.code}`;
		default:
			return null;
	}
}

/** P1 in its words: exactly one call of exactly one of the tools on offer, and well-formed. */
function replyTo(desk: Desk, call: BookCall, { toolCalls: calls, paused }: ModelReply): readonly Expected[] {
	const [first] = calls;
	if (first === undefined) return paused ? pause(desk) : reminder(desk, "no_decision");
	if (calls.some(({ name }) => name !== "vote" && name !== "new_answer")) return reminder(desk, "unknown_tool");
	const isVote = first.name === "vote";
	const refusal = (reason: string): readonly Expected[] => [
		["I2", `${isVote ? "vote" : "answer"} refused ${reason}`],
		...reminder(desk, reason),
	];
	if (calls.length > 1) return refusal("ambiguous");
	if (!call.offers.some((tool) => tool === first.name)) return refusal("not_offered");
	const given = first.arguments[isVote ? "answer" : "content"];
	if (typeof given !== "string" || (!isVote && given.trim() === "")) return refusal("bad_arguments");
	return isVote ? vote(desk, given) : newAnswer(desk, given);
}

/** P1: nothing is told to one who goes on. */
function pause(desk: Desk): readonly Expected[] {
	return desk.round.pauses < 8 ? [["I40", `paused ${desk.seat.agent}`]] : reminder(desk, "no_decision");
}

function reminder(desk: Desk, reason: string): readonly Expected[] {
	const { seat, round, ledger } = desk;
	if (round.reminders >= ledger.team.limits.enforcement_max) return gone(seat, "no_decision", "I3");
	return [["I3", `reminded ${seat.agent} ${reason}`], ...news(desk)];
}

function gone({ agent }: BookSeat, code: string, invariant: InvariantId): readonly Expected[] {
	return [
		[invariant, `failed ${agent} ${code} for good`],
		["I25", `quarantined ${agent} ${code}`],
	];
}

/** P6: identical answers are shown once, so one member of a pool stands for all. */
const unseenIn = ({ turn, round }: Desk): readonly AnswerId[] => unseenPools(turn, round.seen);

/** P3, P16: what has happened since the agent was last told; a sealed round is told of notes alone. */
function news(desk: Desk): readonly Expected[] {
	const { turn, seat, round } = desk;
	const answers = round.seen.size === 0 ? [] : unseenIn(desk);
	if (answers.length === 0 && round.notes === turn.notes) return [];
	return [["I6", `informed ${seat.agent} ${answers.join(" ")} notes ${turn.notes}`]];
}

const unseen = (desk: Desk): readonly Expected[] => [["I5", "vote refused unseen"], ...news(desk)];

function vote(desk: Desk, label: string): readonly Expected[] {
	const { core, ledger, turn, seat, round } = desk;
	if (round.seen.size > 0 && unseenIn(desk).length > 0) return unseen(desk);
	const { ofSeat } = core.labelsOf(ledger.seed, seat.number - 1, turn.seats.length);
	const author = turn.seats[ofSeat.indexOf(label)]?.agent;
	const meant = currentOf(turn).find(({ id, agent }) => agent === author && round.displayed.includes(id));
	if (meant === undefined) return [["I2", "vote refused unknown_label"], ...reminder(desk, "unknown_label")];
	return [["I9", `cast ${seat.agent} ${meant.id}`]];
}

function newAnswer(desk: Desk, content: string): readonly Expected[] {
	const { ledger, turn, seat, round } = desk;
	const repeated = turn.answers.filter(
		({ id, text }) => round.displayed.includes(id) && isCopy(content, text, ledger.team.protocol.novelty),
	);
	if (repeated.length > 0) return repetition(desk, repeated);
	if (!answerAllowed(ledger, turn, seat)) return [["I17", "answer refused cap"], ...news(desk)];
	return accepted(desk);
}

/** P7, after P3. A repetition of an answer that its author has replaced since is a vote for nothing (P1). */
function repetition(desk: Desk, repeated: readonly BookAnswer[]): readonly Expected[] {
	const { turn, seat, round } = desk;
	const current = currentOf(turn);
	const own = current.find(({ agent, key }) => agent === seat.agent && repeated.some((other) => other.key === key));
	const byDisplay = repeated.toSorted((a, b) => round.displayed.indexOf(a.id) - round.displayed.indexOf(b.id));
	const of = own ?? byDisplay.find((other) => current.includes(other)) ?? byDisplay[0];
	if (of === undefined) return [];
	const refusal: Expected = ["I11", `answer refused ${of === own ? "rephrased" : "copy"} ${of.id}`];
	if (unseenIn(desk).length > 0) return [refusal, ...unseen(desk)];
	if (!current.includes(of))
		return [refusal, ["I2", "vote refused unknown_label"], ...reminder(desk, "unknown_label")];
	return [refusal, ["I11", `cast ${seat.agent} ${of.id}`]];
}

/** P2: all votes, or under `affected` those for the version that is replaced, the others of live agents suspended. */
function accepted({ ledger, turn, seat }: Desk): readonly Expected[] {
	const id = `a${seat.number}.${(ledger.versions.get(seat.agent) ?? 0) + 1}`;
	const replaced = turn.answers.findLast(({ agent }) => agent === seat.agent)?.id;
	const all = ledger.team.protocol.invalidation === "all";
	const standing = turn.seats.flatMap(({ agent, out, vote: held }) =>
		held === null ? [] : [{ agent, out, ...held }],
	);
	const voided = standing.filter((held) => all || held.answer === replaced);
	const suspended = standing.filter((held) => !voided.includes(held) && held.out === null && !held.suspended);
	const lines = (
		[
			["voided", voided],
			["suspended", suspended],
		] as const
	).flatMap(([what, votes]): Expected[] => {
		const named = votes.map((held) => `${held.agent}=${held.answer}`).join(" ");
		return votes.length === 0 ? [] : [["I4", `votes.${what} ${named} by ${id}`]];
	});
	return [["I2", `accepted ${id}`], ...lines];
}

/** P10, P15: retried within the bound, and only once after a stream that had begun. */
function failure(
	{ ledger, turn, seat, round }: Desk,
	command: Command & { readonly type: "call.failed" },
): readonly Expected[] {
	const within = round.retries < ledger.team.limits.retries && (!command.begun || round.begunRetries === 0);
	const fits = command.retryInMs < ledger.team.limits.round_seconds * 1000;
	if (command.retryable && within && fits) return [["I24", `failed ${seat.agent} ${command.code} again`]];
	if (spareOf(...afterBill(ledger, turn, command), seat) === null) return gone(seat, command.code, "I24");
	return [
		["I24", `failed ${seat.agent} ${command.code} for good`],
		["I39", `fell back ${seat.agent} ${command.code}`],
	];
}

/** P9: what the failed call cost counts before another one is paid for. */
function afterBill(
	ledger: Ledger,
	turn: TurnBook,
	{ call, bill }: Command & { readonly type: "call.failed" },
): [Ledger, TurnBook] {
	const more = billOf(bill, turn.calls.get(call)?.worst ?? null);
	return [
		{ ...ledger, spend: plus(ledger.spend, more) },
		{ ...turn, spend: plus(turn.spend, more) },
	];
}
