import type { SessionEvent } from "../../../src/consensus/events.ts";
import type { Command } from "../../../src/consensus/commands.ts";
import { hold } from "./breach.ts";
import { billOf, charge, dispatchFits, nearLimit, spareOf, spent } from "./book-budget.ts";
import { answerAllowed, seatOf } from "./ledger.ts";
import type { BookCall, BookSeat, BookStep, Ledger, TurnBook } from "./ledger.ts";

type Of<T extends SessionEvent["type"]> = SessionEvent & { readonly type: T };

/** P9, P15: a dispatch is allowed, counted, and the only one of its agent. */
export function callStarted(ledger: Ledger, turn: TurnBook, event: Of<"call.started">): void {
	const { call: id, agent, purpose, paid, offers, worst = null } = event;
	hold(!turn.waiting, "I50", `${id} starts although the session waits`);
	hold(!ledger.callIds.has(id), "I36", `call ${id} starts twice`);
	hold(
		[...turn.calls.values()].every((open) => open.agent !== agent),
		"I31",
		`${agent} has a call already`,
	);
	hold(spent(ledger, turn) === null, "I19", `${id} starts without budget`);
	dispatchFits(ledger, turn, event);
	const step = stepOf(turn, { purpose, agent });
	hold(step !== null, "I31", `${id} belongs to no step`);
	hold(paid === step.paid + 1, "I32", `${id} is paid ${paid}, after ${step.paid}`);
	step.paid = paid;
	const due = modelDue(ledger, turn, event);
	hold(due === `${event.provider} ${event.model}`, "I39", `${id} asks ${event.model}, not ${due}`);
	if (purpose === "round")
		hold(offers.join() === offersDue(ledger, turn, agent), "I20", `${id} offers ${offers.join()}`);
	if (purpose === "presentation") hold(offers.length === 0, "I20", "a presenter is offered a decision");
	ledger.callIds.add(id);
	turn.calls.set(id, { id, agent, purpose, offers, worst });
	charge(ledger, turn, { agent, more: { calls: 1 } });
}

/** P10: the judge, the agent's own model, or its fallback once that was taken. */
function modelDue({ team }: Ledger, turn: TurnBook, { agent }: Of<"call.started">): string {
	const seat = seatOf(turn, agent);
	const member = team.agents.find(({ id }) => id === agent);
	const spec = seat === undefined ? team.protocol.judge : seat.fellBack ? member?.fallback : member;
	return `${spec?.backend} ${spec?.model}`;
}

function offersDue(ledger: Ledger, turn: TurnBook, agent: BookCall["agent"]): string {
	const seat = seatOf(turn, agent);
	if (seat?.round?.recheck) return "vote";
	const held = seat === undefined || !answerAllowed(ledger, turn, seat) || nearLimit(ledger, turn, seat.agent);
	return held && (seat?.round?.displayed.length ?? 0) > 0 ? "vote" : "new_answer,vote";
}

/** P15: each call is closed once. A call that was lost may be paid for once more. */
export function callFinished(
	ledger: Ledger,
	turn: TurnBook,
	{ call: id, outcome, usage, cost_usd: costUsd, took_ms: tookMs = 0 }: Of<"call.finished">,
): void {
	const call = turn.calls.get(id);
	hold(call !== undefined, "I31", `call ${id} finishes without being open`);
	turn.calls.delete(id);
	charge(ledger, turn, { agent: call.agent, more: billOf({ usage, costUsd, tookMs }, call.worst) });
	const step = stepOf(turn, call);
	if (step === null) return;
	if (outcome === "lost") step.lost++;
	hold(step.lost <= 2, "I32", `${id} is lost ${step.lost} times`);
	if (outcome === "ok") Object.assign(step, { paid: 0, lost: 0 });
}

/** P15: only what is open can be taken up again, and it is paid for no second time. */
export function callResumed(_: Ledger, turn: TurnBook, { call }: Of<"call.resumed">): void {
	hold(turn.calls.has(call), "I31", `${call} is resumed without being open`);
}

/** P15: a piece belongs to an open call of its agent. */
export function streamed(
	_: Ledger,
	turn: TurnBook,
	event: Of<
		| "agent.text"
		| "agent.reasoning"
		| "agent.cited"
		| "agent.image"
		| "agent.image_dropped"
		| "tool.called"
		| "tool.returned"
	>,
): void {
	hold(turn.calls.get(event.call)?.agent === event.agent, "I31", `${event.type} from ${event.call}, which is closed`);
}

/** P10, P15: whether a failure may be retried; what follows from one that may not is checked where it ends. */
export function agentFailed(ledger: Ledger, turn: TurnBook, event: Of<"agent.failed">): void {
	const { agent, retry_in_ms, retryable, begun } = event;
	const seat = seatOf(turn, agent);
	hold(seat !== undefined && seat.out === null, "I25", `${agent} fails after its quarantine`);
	const step: BookStep | null = turn.presentation ?? seat.round;
	hold(step !== null, "I31", `${agent} fails without a step`);
	if (turn.presentation !== null) turn.presentation.failed = retry_in_ms === null;
	if (retry_in_ms === null) return;
	step.retries++;
	if (begun) step.begunRetries++;
	hold(retryable && step.retries <= ledger.team.limits.retries, "I24", `${agent} is retried ${step.retries} times`);
	hold(step.begunRetries <= 1, "I24", `${agent} is retried twice after a stream had begun`);
}

/** P10: once in a turn, where a failure would end the step, and with tries of its own, but for what P15 counts. */
export function agentFellBack(ledger: Ledger, turn: TurnBook, event: Of<"agent.fell_back">, cause: Command): void {
	const { agent, from, to } = event;
	const seat = seatOf(turn, agent);
	hold(seat !== undefined && seat.out === null, "I25", `${agent} falls back after its quarantine`);
	const spare = spareOf(ledger, turn, seat);
	hold(spare !== null, "I39", `${agent} falls back on nothing`);
	hold(cause.type === "call.failed" || cause.type === "call.ended", "I39", `${agent} falls back by ${cause.type}`);
	const own = ledger.team.agents[seat.number - 1];
	hold(from.model === own?.model && to.model === spare.model, "I39", `${agent} falls back on ${to.model}`);
	const step: BookStep | null = turn.presentation ?? seat.round;
	hold(step !== null, "I39", `${agent} falls back without a step`);
	hold(turn.presentation?.failed !== false, "I39", `${agent} falls back although it may try again`);
	if (turn.presentation !== null) turn.presentation.failed = false;
	Object.assign(step, { paid: 0, retries: 0 });
	seat.fellBack = true;
}

/** The step that pays for a call: a round, the judge's question or the presentation. */
function stepOf(
	turn: TurnBook,
	{ purpose, agent }: { purpose: string; agent: BookSeat["agent"] | null },
): BookStep | null {
	if (purpose === "judge") return turn.judging;
	if (purpose === "presentation") return turn.presentation;
	return seatOf(turn, agent)?.round ?? null;
}
