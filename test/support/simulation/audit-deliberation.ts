import type { AnswerId, SessionEvent } from "../../../src/consensus/events.ts";
import { quorumOf } from "../../../src/consensus/team.ts";
import { hold } from "./breach.ts";
import { spent } from "./book-budget.ts";
import { counted, currentOf, exhausted, openStep, pooled, seatOf, sealedNow, unseenPools } from "./ledger.ts";
import type { BookRound, BookSeat, Ledger, TurnBook } from "./ledger.ts";

type Of<T extends SessionEvent["type"]> = SessionEvent & { readonly type: T };

/** P1, P4, P6: an agent that has to decide starts a round and is shown what the rules say. */
export function roundStarted(ledger: Ledger, turn: TurnBook, event: Of<"round.started">): void {
	const seat = liveSeat(turn, event.agent);
	hold(seat.round === null, "I1", `${event.agent} has a round already`);
	hold(seat.vote === null || seat.vote.suspended, "I1", `${event.agent} has decided`);
	hold(!exhausted(ledger, seat), "I18", `${event.agent} has no round left`);
	hold(
		event.round === seat.roundsStarted + 1 && event.attempt === 1,
		"I36",
		`round ${event.round} of ${event.agent}`,
	);
	hold(spent(ledger, turn) === null, "I19", "a round starts without budget");
	const sealed = seat.answers === 0 || sealedNow(ledger, turn);
	hold(!sealed || event.shown.length === 0, "I7", `${event.agent} is shown ${event.shown.join(" ")} under the seal`);
	hold(!sealed || seat.answers === 0, "I7", `${event.agent} has answered and waits for the seal`);
	const due = dueToShow(turn, seat);
	hold(event.recheck === (seat.vote !== null), "I4", `${event.agent} re-checks ${event.recheck}`);
	hold(
		event.shown.join() === due.join(),
		event.recheck ? "I4" : "I10",
		`${event.agent} is shown ${event.shown.join()}, not ${due.join()}`,
	);
	// Whoever checks its vote again has seen the other answers before.
	const seen = new Set(event.recheck ? currentOf(turn).map(({ id }) => id) : due);
	const { round: number, recheck } = event;
	const round: BookRound = {
		...openStep(),
		number,
		recheck,
		displayed: [...due],
		seen,
		reminders: 0,
		pauses: 0,
		notes: turn.notes,
	};
	seat.round = round;
	seat.roundsStarted++;
}

function dueToShow(turn: TurnBook, seat: BookSeat): readonly AnswerId[] {
	const { vote } = seat;
	if (seat.answers === 0) return [];
	const pools = pooled(currentOf(turn)).map((pool) => pool.map(({ id }) => id));
	if (vote === null) return pools.flatMap(([first]) => (first === undefined ? [] : [first]));
	// P2: its choice, and what is new since its vote; P6: each pool once.
	return pools.flatMap(
		(pool) => pool.find((id) => id === vote.answer) ?? pool.find((id) => !vote.known.has(id)) ?? [],
	);
}

/** P2, P9: an answer within the caps ends the round it was made in. */
export function answerAccepted(ledger: Ledger, turn: TurnBook, event: Of<"answer.accepted">): void {
	const { limits } = ledger.team;
	const seat = endRound(turn, event.agent);
	const version = (ledger.versions.get(event.agent) ?? 0) + 1;
	hold(event.answer === `a${seat.number}.${version}`, "I36", `answer ${event.answer} of ${event.agent}`);
	ledger.versions.set(event.agent, version);
	seat.answers++;
	const standing = counted(turn);
	if (standing.length >= quorumOf(ledger.team)) turn.lastFullTally = standing;
	const key = event.text
		.normalize("NFC")
		.split(/\s+/u)
		.filter((word) => word !== "")
		.join(" ");
	turn.answers.push({ id: event.answer, agent: event.agent, text: event.text, key });
	turn.ruling = null;
	const later = turn.seats.reduce((sum, { answers }) => sum + Math.max(0, answers - 1), 0);
	hold(seat.answers <= limits.answers_per_agent, "I17", `${event.agent} has ${seat.answers} answers`);
	hold(later <= limits.answers_per_attempt, "I17", `the team has ${later} later answers`);
}

/** P3: a vote is cast by one who has been shown every current answer. */
export function voteCast(_: Ledger, turn: TurnBook, { agent, answer, reason }: Of<"vote.cast">): void {
	const { round } = liveSeat(turn, agent);
	const current = currentOf(turn).map(({ id }) => id);
	hold(current.includes(answer), "I5", `${agent} votes for ${answer}, which is not current`);
	hold(round !== null && unseenPools(turn, round.seen).length === 0, "I5", `${agent} votes unseen`);
	endRound(turn, agent).vote = { answer, reason, known: new Set(current), suspended: false };
}

/** P2. Which votes must be named is the reply oracle's to say. */
export function votesGone(_: Ledger, turn: TurnBook, event: Of<"votes.voided" | "votes.suspended">): void {
	for (const { agent, answer } of event.votes) {
		const seat = turn.seats.find((candidate) => candidate.agent === agent);
		hold(seat?.vote?.answer === answer, "I4", `${event.type} names ${agent}=${answer}, which does not stand`);
		if (!seat.vote.suspended) seat.roundsGivenBack++;
		seat.vote = event.type === "votes.voided" ? null : { ...seat.vote, suspended: true };
	}
}

/** P3, P16: what an agent is told inside its round. */
export function agentInformed(ledger: Ledger, turn: TurnBook, event: Of<"agent.informed">): void {
	const seat = liveSeat(turn, event.agent);
	hold(seat.round !== null, "I1", `${event.agent} is informed outside a round`);
	hold(
		event.answers.length === 0 || (seat.answers > 0 && !sealedNow(ledger, turn)),
		"I7",
		`${event.agent} is informed under the seal`,
	);
	for (const id of event.answers) seat.round.seen.add(id);
	seat.round.displayed.push(...event.answers);
	seat.round.notes = event.notes;
}

export function agentReminded(ledger: Ledger, turn: TurnBook, { agent }: Of<"agent.reminded">): void {
	const { round } = liveSeat(turn, agent);
	hold(round !== null, "I1", `${agent} is reminded outside a round`);
	round.reminders++;
	hold(round.reminders <= ledger.team.limits.enforcement_max, "I3", `${agent} is reminded ${round.reminders} times`);
}

/** P1: more pauses than these are replies without a decision. */
const pausesAllowed = 8;

export function agentPaused(_: Ledger, turn: TurnBook, { agent }: Of<"agent.paused">): void {
	const { round } = liveSeat(turn, agent);
	hold(round !== null, "I1", `${agent} pauses outside a round`);
	round.pauses++;
	hold(round.pauses <= pausesAllowed, "I40", `${agent} pauses ${round.pauses} times`);
}

/** P10: final in the turn; its vote stands, also one that waited for a re-check. */
export function agentQuarantined(_: Ledger, turn: TurnBook, { agent, code }: Of<"agent.quarantined">): void {
	const seat = liveSeat(turn, agent);
	hold(
		[...turn.calls.values()].every((call) => call.agent !== agent || call.purpose !== "round"),
		"I31",
		`${agent} leaves a call open`,
	);
	seat.round = null;
	seat.out = code;
	if (seat.vote !== null) seat.vote = { ...seat.vote, suspended: false };
}

/** P4: all together, when all have answered; or by the deadline, after a quorum of first answers. */
export function sealOpened(ledger: Ledger, turn: TurnBook, { reason }: Of<"seal.opened">): void {
	const { team } = ledger;
	hold(sealedNow(ledger, turn) && turn.seats.length > 1, "I8", "there is no seal to open");
	const first = turn.seats.filter(({ answers }) => answers > 0).length;
	const all = turn.seats.every(({ out, answers }) => out !== null || answers > 0);
	hold(
		first > 0 && (reason === "all" ? all : first >= quorumOf(team)),
		"I8",
		`the seal opens (${reason}) after ${first} answers`,
	);
	turn.sealOpen = true;
}

function liveSeat(turn: TurnBook, agent: BookSeat["agent"]): BookSeat {
	const seat = seatOf(turn, agent);
	hold(seat !== undefined, "I36", `${agent} is not of the team`);
	hold(seat.out === null, "I25", `${agent} acts after its quarantine`);
	hold(turn.verdict === null || seat.round === null, "I1", `${agent} is in a round after the verdict`);
	return seat;
}

function endRound(turn: TurnBook, agent: BookSeat["agent"]): BookSeat {
	const seat = liveSeat(turn, agent);
	hold(seat.round !== null && turn.verdict === null, "I1", `${agent} decides outside a round`);
	seat.round = null;
	return seat;
}
