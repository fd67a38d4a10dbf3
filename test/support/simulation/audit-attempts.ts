import type { Command, ModelReply } from "../../../src/consensus/commands.ts";
import type { SessionEvent } from "../../../src/consensus/events.ts";
import { spent } from "./book-budget.ts";
import { hold } from "./breach.ts";
import type { Ledger, TurnBook } from "./ledger.ts";

type Of<T extends SessionEvent["type"]> = SessionEvent & { readonly type: T };

/** P13: whether the limits leave room for another attempt. */
export function mayBeginAnew(ledger: Ledger, turn: TurnBook): boolean {
	const { attempts_max: max } = ledger.team.protocol;
	return turn.attempt < max && !turn.near && !turn.answerNow && spent(ledger, turn) === null;
}

/** P13: a presenter judges what it has written, once, as its reply says. */
export function presentationJudged(
	ledger: Ledger,
	turn: TurnBook,
	event: Of<"presentation.judged">,
	cause: Command,
): void {
	const { presentation } = turn;
	hold(
		presentation !== null && presentation.agent === event.agent,
		"I51",
		`${event.agent} judges, who presents nothing`,
	);
	hold(presentation.text.trim() !== "", "I51", "nothing is judged");
	hold(cause.type === "call.ended" && turn.judged === null, "I51", `${event.decision} without a reply`);
	const due = asksAnew(cause.reply) ? "restart" : "submit";
	hold(mayBeginAnew(ledger, turn), "I51", "an answer is judged that has to stand");
	hold(event.decision === due, "I51", `${event.decision}, not ${due}`);
	turn.judged = event.decision;
}

/** P13: exactly one call, of restart, with something to do differently. */
function asksAnew({ toolCalls }: ModelReply): boolean {
	const [only] = toolCalls;
	const wish = only?.arguments["instructions"];
	return toolCalls.length === 1 && only?.name === "restart" && typeof wish === "string" && wish.trim() !== "";
}

/** P13: whether the presenter asked for what did not come. */
export function restartIgnored(ledger: Ledger, turn: TurnBook, cause: Command): boolean {
	const asked = cause.type === "call.ended" && turn.presentation?.offered === true && asksAnew(cause.reply);
	return asked && turn.presentation?.mode !== "reuse" && mayBeginAnew(ledger, turn);
}

/** P13: an attempt begins with nothing counted and no answer, and all that the turn has spent. */
export function attemptStarted(
	ledger: Ledger,
	turn: TurnBook,
	{ attempt, instructions = "" }: Of<"attempt.started">,
): void {
	hold(attempt === turn.attempt + 1, "I36", `attempt ${attempt}`);
	turn.attempt = attempt;
	if (attempt === 1) return;
	hold(turn.judged === "restart" && instructions !== "", "I51", "an attempt begins that nobody asked for");
	hold(
		attempt <= ledger.team.protocol.attempts_max,
		"I51",
		`attempt ${attempt} of ${ledger.team.protocol.attempts_max}`,
	);
	hold(turn.calls.size === 0, "I31", "an attempt leaves calls open");
	turn.earlier = { ...turn, answers: [...turn.answers], calls: new Map() };
	turn.answers.length = 0;
	for (const seat of turn.seats)
		Object.assign(seat, { answers: 0, vote: null, round: null, roundsGivenBack: seat.roundsStarted });
	Object.assign(turn, { sealOpen: false, lastFullTally: [], ruling: null, judging: null });
	Object.assign(turn, { verdict: null, presentation: null, judged: null });
}
