import type { Command } from "../../../src/consensus/commands.ts";
import type { SessionEvent } from "../../../src/consensus/events.ts";
import type { InvariantId } from "../../../src/consensus/invariants.ts";
import type { Plan } from "../../../src/consensus/plan.ts";
import { quorumOf } from "../../../src/consensus/team.ts";
import { hold } from "./breach.ts";
import { sessionSpent, spent, waitsForBudget } from "./book-budget.ts";
import { counted, currentOf, exhausted, outstanding, sealedNow, seatOf } from "./ledger.ts";
import type { BookRound, BookSeat, Ledger, TurnBook } from "./ledger.ts";
import { agreedByHand, settledByHand } from "./verdict-oracle.ts";

/** What must be true once nothing more follows from a command: all that was due has happened. */
export function settle(ledger: Ledger, command: Command, events: readonly SessionEvent[]): void {
	controlsHold(ledger, command, events);
	const { turn } = ledger;
	hold(turn !== null || ledger.queue.length === 0, "I34", "a message waits although no turn runs");
	if (turn === null) return;
	votesHold(ledger, turn);
	retiredHold(turn, events);
	if (turn.waiting) return;
	if (turn.verdict !== null || turn.judging !== null) return;
	if (events.every(({ type }) => uneventful.has(type))) return;
	const overdue = endingOverdue(ledger, turn);
	hold(overdue === null, overdue?.[0] ?? "I16", overdue?.[1] ?? "");
	hold(!sealOverdue(ledger, turn), "I8", "all have answered and the seal is closed");
	for (const seat of turn.seats)
		hold(!roundOverdue(ledger, turn, seat), "I1", `${seat.agent} has to decide and has no round`);
}

/** P9: an agent whose own cap is reached is out, to the end of this turn. */
function retiredHold(turn: TurnBook, events: readonly SessionEvent[]): void {
	if (events.some(({ type }) => type === "turn.started")) return;
	for (const event of events)
		if (event.type === "limit.reached" && event.agent !== null)
			hold(seatOf(turn, event.agent)?.out !== null, "I42", `${event.agent} goes on without means`);
}

/** After these alone nothing new can be due: most batches consist of them. */
const uneventful: ReadonlySet<SessionEvent["type"]> = new Set([
	"call.started",
	"agent.text",
	"agent.reasoning",
	"note.added",
	"turn.queued",
]);

/** P15: what follows by itself follows once the wait is over. */
export function waitHolds(turn: TurnBook, { type }: SessionEvent): void {
	hold(!turn.waiting || !byItself.has(type), "I50", `${type} in a session that waits`);
}

const byItself: ReadonlySet<SessionEvent["type"]> = new Set([
	"round.started",
	"seal.opened",
	"limit.near",
	"judge.asked",
	"consensus.reached",
	"consensus.failed",
]);

/** P15: a wait begins and ends once; what is under way has to be judged anew when it ends. */
export function sessionWaiting(
	ledger: Ledger,
	turn: TurnBook,
	event: SessionEvent & { readonly type: "session.waiting" },
	cause: Command,
): void {
	hold(!turn.waiting, "I50", "a session that waits waits again");
	if (event.for === "budget") waitsForBudget(ledger, turn, cause);
	turn.waiting = true;
	turn.unpaid = event.for === "budget";
}

/** P15: only what waits goes on. */
export function sessionResumed(
	ledger: Ledger,
	turn: TurnBook,
	_: SessionEvent & { readonly type: "session.resumed" },
	cause: Command,
): void {
	hold(turn.waiting, "I50", "a session goes on that does not wait");
	if (cause.type === "budget") hold(sessionSpent(ledger) === null, "I43", "a session goes on without means");
	turn.waiting = false;
	turn.unpaid = false;
}

/** What the plan must name: a deadline for whatever is under way, and nothing for what is not. */
export function planHolds(
	ledger: { readonly turn: TurnBook | null; readonly team: Ledger["team"] },
	{ calls, deadlines }: Plan,
): void {
	const { turn, team } = ledger;
	const given = deadlines.flatMap(({ key, kind, afterMs }) => (kind === "retry" ? [] : [`${key} ${afterMs}`]));
	const due = turn === null || turn.waiting ? [] : deadlinesDue(team, turn);
	hold(!turn?.waiting || calls.length === 0, "I50", "a call is wanted although the session waits");
	hold(given.toSorted().join() === due.toSorted().join(), "I22", `deadlines ${given.join()}, not ${due.join()}`);
	const gated = calls.filter(({ gate }) => gate !== null && !deadlines.some(({ key }) => key === gate));
	hold(gated.length === 0, "I24", "a retry waits for nothing");
}

function deadlinesDue({ limits, ...team }: Ledger["team"], turn: TurnBook): readonly string[] {
	const due = [...turnDeadlines({ limits, ...team }, turn)];
	const roundMs = limits.round_seconds * 1000;
	const attempt = turn.attempt === 1 ? `t${turn.number}` : `t${turn.number}.k${turn.attempt}`;
	if (turn.presentation !== null) return [...due, `present:${attempt} ${roundMs}`];
	if (turn.judging !== null) return [...due, `judge:${attempt} ${roundMs}`];
	const first = turn.seats.filter(({ answers }) => answers > 0).length;
	const sealed = team.protocol.start === "sealed" && !turn.sealOpen;
	if (sealed && first >= quorumOf({ limits, ...team })) due.push(`seal:${attempt} ${limits.seal_seconds * 1000}`);
	for (const { number, round } of turn.seats)
		if (round !== null) due.push(...roundDeadlines(`t${turn.number}.a${number}.r${round.number}`, round, roundMs));
	return due;
}

function roundDeadlines(name: string, { hurried }: BookRound, roundMs: number): readonly string[] {
	const hard = `round:${name} ${roundMs}`;
	return hurried ? [hard] : [`hurry:${name} ${roundMs * 0.8}`, hard];
}

/** P9: the turn's limit, the seconds of its budget where they are fewer, and 80 % of what governs. */
function turnDeadlines({ limits, budget }: Ledger["team"], { number, near }: TurnBook): readonly string[] {
	const { seconds = null } = budget;
	const whole = `turn:t${number} ${limits.turn_seconds * 1000}`;
	const capped = seconds !== null && seconds < limits.turn_seconds;
	const hard = capped ? [whole, `budget:t${number}.${seconds} ${seconds * 1000}`] : [whole];
	const soft = capped
		? `soft:t${number}.${seconds} ${seconds * 800}`
		: `soft:t${number} ${limits.turn_seconds * 800}`;
	return near ? hard : [soft, ...hard];
}

/** P3: recomputed from what each voter had been shown when it voted. */
function votesHold({ team }: Ledger, turn: TurnBook): void {
	const current = currentOf(turn).map(({ id }) => id);
	for (const { agent, answer } of counted(turn)) {
		const seat = seatOf(turn, agent);
		hold(current.includes(answer), "I5", `${agent}'s vote for ${answer} counts, which is not current`);
		if (team.protocol.invalidation === "affected" && seat?.out !== null) continue;
		hold(
			current.every((id) => seat?.vote?.known.has(id)),
			"I5",
			`${agent}'s vote counts, cast before the last answer`,
		);
	}
}

function endingOverdue(ledger: Ledger, turn: TurnBook): readonly [InvariantId, string] | null {
	const live = turn.seats.filter(({ out }) => out === null);
	if (spent(ledger, turn) !== null && turn.calls.size === 0)
		return ["I19", "the budget is spent and nothing is under way"];
	if (turn.earlier !== null && turn.answerNow) return ["I34", "answer_now is ignored"];
	if (turn.answers.length === 0) return live.length === 0 ? ["I26", "all are gone without an answer"] : null;
	if (turn.seats.length === 1) return ["I30", "a team of one goes on after its answer"];
	if (turn.answerNow) return ["I34", "answer_now is ignored"];
	const waiting = outstanding(turn);
	if (waiting.length === 0) return ["I16", "all have voted"];
	if (waiting.every((seat) => exhausted(ledger, seat))) return ["I18", "nobody has a round left"];
	return stopOverdue(ledger, turn) ? ["I16", "the stop rule allows an end"] : null;
}

function stopOverdue(ledger: Ledger, turn: TurnBook): boolean {
	const { stop, start } = ledger.team.protocol;
	const open =
		start === "sealed" ? turn.sealOpen : turn.seats.every(({ out, answers }) => out !== null || answers > 0);
	if (stop === "all" || !open) return false;
	return (stop === "agreed" && agreedByHand(ledger, turn)) || settledByHand(ledger, turn) === true;
}

function sealOverdue(ledger: Ledger, turn: TurnBook): boolean {
	if (turn.seats.length === 1 || turn.answers.length === 0) return false;
	return sealedNow(ledger, turn) && turn.seats.every(({ out, answers }) => out !== null || answers > 0);
}

function roundOverdue(ledger: Ledger, turn: TurnBook, seat: BookSeat): boolean {
	const free = seat.out === null && seat.round === null && !exhausted(ledger, seat);
	const decided = seat.vote !== null && !seat.vote.suspended;
	const sealed = seat.answers > 0 && sealedNow(ledger, turn);
	return free && !decided && !sealed && spent(ledger, turn) === null;
}

/** P16: each control has had its effect, at once where there is nothing to wait for. */
function controlsHold(ledger: Ledger, command: Command, events: readonly SessionEvent[]): void {
	const has = (type: SessionEvent["type"]) => events.some((event) => event.type === type);
	switch (command.type) {
		case "cancel":
			return hold(has("session.cancelled"), "I34", "cancel does not end the turn");
		case "note":
			return hold(has("note.added"), "I34", "a note is lost");
		case "resume":
			// What nobody suspends any more may wait for money all the same.
			return hold(!ledger.turn?.waiting || has("session.waiting"), "I34", "a session that was resumed waits");
		case "suspend":
			return hold(ledger.turn?.waiting !== false, "I50", "a session that was suspended goes on");
		case "answer_now":
			return hold(has("turn.started") || hearsAnswerNow(ledger), "I34", "answer_now is not heard");
		case "message":
			return hold(has("turn.started") || has("turn.queued"), "I34", "a message is lost");
		case "budget":
			hold(has("budget.changed"), "I34", "a budget is lost");
			return hold(
				ledger.turn?.unpaid !== true || sessionSpent(ledger) !== null,
				"I43",
				"a turn waits for a budget that it has",
			);
		case "drop_agent": {
			const seat = ledger.turn === null || has("turn.started") ? undefined : seatOf(ledger.turn, command.agent);
			return hold(seat?.out !== null, "I34", "a dropped agent goes on");
		}
		default:
	}
}

/** In the presentation of the last attempt there is nothing left to hear. */
function hearsAnswerNow({ turn, team }: Ledger): boolean {
	if (turn === null || turn.answerNow) return true;
	return turn.presentation !== null && turn.attempt >= team.protocol.attempts_max;
}
