import type { Command } from "../../../src/consensus/commands.ts";
import type { SessionEvent } from "../../../src/consensus/events.ts";
import {
	agentInformed,
	agentPaused,
	agentQuarantined,
	agentReminded,
	answerAccepted,
	roundStarted,
	sealOpened,
	voteCast,
	votesGone,
} from "./audit-deliberation.ts";
import { agentFailed, agentFellBack, callFinished, callResumed, callStarted, streamed } from "./audit-calls.ts";
import {
	consensusFailed,
	consensusReached,
	ended,
	finalText,
	judgeAnswered,
	judgeAsked,
	presentationStarted,
	turnFailed,
	turnFinished,
} from "./audit-ending.ts";
import { limitReached } from "./book-budget.ts";
import { hold } from "./breach.ts";
import type { Core } from "./core.ts";
import { openLedger, openTurn } from "./ledger.ts";
import type { Ledger, TurnBook } from "./ledger.ts";
import { expectedOf, linesOf } from "./reply-oracle.ts";
import { sessionResumed, sessionWaiting, settle, waitHolds } from "./audit-rest.ts";

/** Watches a session from outside, batch by batch. `watch` throws a Breach at the first invariant that does not hold. */
export type Audit = {
	readonly watch: (command: Command, events: readonly SessionEvent[]) => void;
	readonly turn: () => TurnBook | null;
};

type Check<T extends SessionEvent["type"]> = (
	ledger: Ledger,
	turn: TurnBook,
	event: SessionEvent & { readonly type: T },
	cause: Command,
) => void;
type TurnEventType = Exclude<
	SessionEvent["type"],
	"session.created" | "turn.queued" | "turn.started" | "budget.changed"
>;

const checks: { readonly [T in TurnEventType]: Check<T> } = {
	"attempt.started": (_, __, { attempt }) => hold(attempt === 1, "I36", `attempt ${attempt}`),
	"round.started": roundStarted,
	"call.started": callStarted,
	"call.resumed": callResumed,
	"call.finished": callFinished,
	"agent.text": streamed,
	"agent.reasoning": streamed,
	"agent.cited": streamed,
	"agent.image": streamed,
	"agent.image_dropped": streamed,
	"tool.called": streamed,
	"tool.returned": streamed,
	"answer.accepted": answerAccepted,
	"answer.refused": () => {},
	"vote.cast": voteCast,
	"vote.refused": () => {},
	"votes.voided": votesGone,
	"votes.suspended": votesGone,
	"agent.reminded": agentReminded,
	"agent.informed": agentInformed,
	"agent.failed": agentFailed,
	"agent.quarantined": agentQuarantined,
	"agent.fell_back": agentFellBack,
	"agent.paused": agentPaused,
	"seal.opened": sealOpened,
	"limit.reached": limitReached,
	"limit.near": (_, turn) => void (turn.near = true),
	"judge.asked": judgeAsked,
	"judge.ruled": judgeAnswered,
	"judge.failed": judgeAnswered,
	"consensus.reached": consensusReached,
	"consensus.failed": consensusFailed,
	"presentation.started": presentationStarted,
	"final.text": finalText,
	"turn.finished": turnFinished,
	"turn.failed": turnFailed,
	"session.cancelled": (ledger, turn, { turn: number }) => ended(ledger, turn, number),
	"session.waiting": sessionWaiting,
	"session.resumed": sessionResumed,
	"note.added": (_, turn) => void turn.notes++,
	"answer_now.requested": (_, turn) => void (turn.answerNow = true),
};

/** An audit of one session run by this core. */
export function auditOf(core: Core): Audit {
	let ledger: Ledger | null = null;
	const watch = (command: Command, events: readonly SessionEvent[]) => {
		const expected = ledger === null ? null : expectedOf(core, ledger, command);
		for (const event of events) ledger = observe(ledger, event, command);
		if (expected !== null) compare(expected, linesOf(events));
		if (ledger !== null) settle(ledger, command, events);
	};
	return { watch, turn: () => ledger?.turn ?? null };
}

function observe(ledger: Ledger | null, event: SessionEvent, cause: Command): Ledger {
	if (event.type === "session.created") return openLedger(event.team, event.seed);
	hold(ledger !== null, "I36", `${event.type} before the session`);
	switch (event.type) {
		case "turn.queued":
			ledger.queue.push(event.message);
			break;
		case "budget.changed":
			ledger.team = { ...ledger.team, budget: event.budget };
			break;
		case "turn.started":
			turnStarted(ledger, event);
			break;
		default: {
			hold(ledger.turn !== null, "I23", `${event.type} outside a turn`);
			waitHolds(ledger.turn, event);
			const check = checks[event.type] as Check<typeof event.type>;
			check(ledger, ledger.turn, event, cause);
		}
	}
	return ledger;
}

function turnStarted(ledger: Ledger, { turn, question }: SessionEvent & { readonly type: "turn.started" }): void {
	hold(ledger.turn === null, "I23", "two turns at once");
	hold(turn === ledger.turns + 1, "I36", `turn ${turn} after ${ledger.turns}`);
	if (ledger.queue.length > 0) hold(ledger.queue.shift() === question, "I34", "a queued message is passed over");
	ledger.turns = turn;
	ledger.turn = openTurn(ledger.team, turn);
}

function compare(expected: NonNullable<ReturnType<typeof expectedOf>>, lines: readonly string[]): void {
	for (const [at, [invariant, line]] of expected.entries())
		hold(lines[at] === line, invariant, `"${lines[at]}" instead of "${line}"`);
	const extra = lines[expected.length];
	hold(extra === undefined, extra?.startsWith("informed") ? "I6" : "I2", `"${extra}" was not to follow`);
}
