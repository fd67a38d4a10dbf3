import type { AnswerId, LoggedEvent } from "../../consensus/events.ts";
import type { AgentId } from "../../consensus/team.ts";

/** What moved the votes of a turn, in its order. A vote that fell names the answer that felled it. */
export type Moment =
	| {
			readonly kind: "answer";
			readonly seq: number;
			readonly at: string;
			readonly agent: AgentId;
			readonly answer: AnswerId;
	  }
	| {
			readonly kind: "vote";
			readonly seq: number;
			readonly at: string;
			readonly agent: AgentId;
			readonly answer: AnswerId;
			readonly reason: string;
			readonly fell: { readonly by: AnswerId; readonly how: "voided" | "suspended" } | null;
	  }
	| {
			readonly kind: "verdict";
			readonly seq: number;
			readonly at: string;
			readonly answer: AnswerId;
			readonly agreed: boolean;
	  }
	| { readonly kind: "attempt"; readonly seq: number; readonly at: string; readonly attempt: number };

export const momentsMax = 500;

/** The moments after one more event of the turn. */
export function momentsAfter(moments: readonly Moment[], event: LoggedEvent): readonly Moment[] {
	const { seq, at } = event;
	switch (event.type) {
		case "turn.started":
			return [];
		case "attempt.started":
			return event.attempt > 1 ? added(moments, { kind: "attempt", seq, at, attempt: event.attempt }) : moments;
		case "answer.accepted":
			return added(moments, { kind: "answer", seq, at, agent: event.agent, answer: event.answer });
		case "vote.cast": {
			const { agent, answer, reason } = event;
			return added(moments, { kind: "vote", seq, at, agent, answer, reason, fell: null });
		}
		case "votes.voided":
			return felled(moments, event.votes, { by: event.by, how: "voided" });
		case "votes.suspended":
			return felled(moments, event.votes, { by: event.by, how: "suspended" });
		case "consensus.reached":
			return added(moments, { kind: "verdict", seq, at, answer: event.answer, agreed: true });
		case "consensus.failed":
			return added(moments, { kind: "verdict", seq, at, answer: event.best, agreed: false });
		default:
			return moments;
	}
}

function added(moments: readonly Moment[], moment: Moment): readonly Moment[] {
	return [...moments, moment].slice(-momentsMax);
}

function felled(
	moments: readonly Moment[],
	votes: readonly { readonly agent: AgentId }[],
	fell: { readonly by: AnswerId; readonly how: "voided" | "suspended" },
): readonly Moment[] {
	const holders = votes.map(({ agent }) =>
		moments.findLastIndex((moment) => moment.kind === "vote" && moment.agent === agent),
	);
	return moments.map((moment, place) =>
		moment.kind === "vote" && holders.includes(place) ? { ...moment, fell } : moment,
	);
}
