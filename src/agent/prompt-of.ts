import { assert, unreachable } from "../std/assert.ts";
import type { WantedCall } from "../consensus/plan.ts";
import type { Session, Turn } from "../consensus/state.ts";
import { judgePrompt } from "../prompts/judge.ts";
import { presentationPrompt } from "../prompts/presentation.ts";
import type { Prompt } from "../prompts/prompt.ts";
import { roundPrompt } from "../prompts/round.ts";

/** The prompt of a wanted call, from the state alone: after a crash it comes out the same. */
export function promptOf(session: Session, turn: Turn, call: WantedCall): Prompt {
	const { phase } = turn;
	switch (call.purpose) {
		case "presentation":
			assert(phase.status === "presenting", "a presentation call belongs to its phase");
			return presentationPrompt(session, turn, { phase, offers: call.offers });
		case "judge":
			assert(phase.status === "judging", "a judge's call belongs to its phase");
			return judgePrompt(session, turn, phase);
		case "round": {
			const seat = turn.seats.findIndex(({ agent }) => agent === call.agent);
			const activity = turn.seats[seat]?.activity;
			assert(activity?.status === "thinking", "a round's call belongs to a round");
			return roundPrompt(session, turn, { seat, round: activity.round, offers: call.offers });
		}
		default:
			return unreachable(call.purpose);
	}
}
