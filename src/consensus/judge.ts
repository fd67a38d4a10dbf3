import { isJsonObject } from "../std/json.ts";
import { reasonCharsMax } from "./ballot.ts";
import type { ModelReply } from "./commands.ts";
import type { SessionEvent } from "./events.ts";
import { labelsOf } from "./labels.ts";
import type { Phase, Session, Turn } from "./state.ts";
import { answerOf } from "./tally.ts";

/** P8: the judge's vote among tied answers. Anything but one clear vote is a failure, and the next rule decides. */
export function judgeRuling(
	session: Session,
	turn: Turn,
	{ phase, reply }: { phase: Phase & { status: "judging" }; reply: ModelReply },
): SessionEvent {
	const [call, ...more] = reply.toolCalls;
	if (call?.name !== "vote" || more.length > 0) return unclear("The judge did not cast exactly one vote.");
	const { answer: label, reason } = isJsonObject(call.arguments) ? call.arguments : {};
	const { ofSeat } = labelsOf(session.seed, turn.seats.length, turn.seats.length);
	const named = (given: string) => phase.answers.find((id) => ofSeat[seatNumber(turn, id)] === given);
	const chosen = named(typeof label === "string" ? label.trim() : "");
	if (chosen === undefined) return unclear("The judge voted for an answer that was not among the tied ones.");
	const said = typeof reason === "string" ? reason.slice(0, reasonCharsMax) : "";
	const told = said.replaceAll(/\banswer_\d+\b/g, (given) => named(given) ?? given);
	return { type: "judge.ruled", answer: chosen, reason: told };
}

function seatNumber(turn: Turn, id: Parameters<typeof answerOf>[1]): number {
	const { agent } = answerOf(turn, id);
	return turn.seats.findIndex((seat) => seat.agent === agent);
}

function unclear(message: string): SessionEvent {
	return { type: "judge.failed", code: "no_decision", message };
}
