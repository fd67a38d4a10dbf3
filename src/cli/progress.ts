import type { LoggedEvent } from "../consensus/events.ts";
import { excerpt as excerptOf } from "../std/excerpt.ts";

const excerptChars = 160;

/** What a person at a terminal is told of one event; nothing for those that only machines need. */
export function progressLines(event: LoggedEvent): readonly string[] {
	switch (event.type) {
		case "session.created":
			return [
				`team ${event.team.name}: ${event.team.agents.map((agent) => `${agent.id} = ${agent.backend}/${agent.model}`).join(", ")}`,
			];
		case "round.started":
			return [
				`${event.agent} thinks (round ${event.round}, ${event.shown.length === 0 ? "sees no other answer" : `sees ${event.shown.join(", ")}`})`,
			];
		case "agent.image":
			return [`${event.agent} draws ${event.file} (${event.media_type}, ${event.bytes} bytes)`];
		case "agent.image_dropped":
			return [`a picture of ${event.agent} (${event.media_type}) is not kept: ${event.reason}`];
		case "answer.accepted":
			return [`${event.agent} answers ${event.answer}: ${excerpt(event.text)}`];
		case "answer.refused":
			return [
				`${event.agent}'s answer is not taken: ${event.reason}${event.of === undefined ? "" : ` of ${event.of}`}`,
			];
		case "vote.cast":
			return [`${event.agent} votes for ${event.answer}: ${excerpt(event.reason)}`];
		case "vote.refused":
			return [`${event.agent}'s vote does not count: ${event.reason}`];
		case "votes.voided":
			return [
				`${event.by} voids ${event.votes.length === 1 ? "the vote" : "the votes"} of ${event.votes.map(({ agent }) => agent).join(", ")}`,
			];
		case "agent.failed":
			return [
				`${event.agent} fails: ${event.code}: ${excerpt(event.message)}${event.retry_in_ms === null ? "" : `; again in ${event.retry_in_ms} ms`}`,
			];
		case "agent.quarantined":
			return [`${event.agent} is out for this turn: ${event.code}`];
		case "agent.fell_back":
			return [`${event.agent} goes on with ${event.to.backend}/${event.to.model}: ${event.code}`];
		case "limit.reached":
			return [limitReached(event)];
		case "seal.opened":
			return ["the seal opens: all answers are shown to all"];
		case "consensus.reached":
			return [`consensus on ${event.answer} (${percent(event.agreement)} of the team)`];
		case "consensus.failed":
			return [`no consensus (${event.reason}); best is ${event.best} (${percent(event.agreement)} of the team)`];
		case "agent.hurried":
			return [`${event.agent} is told to decide now`];
		case "presentation.judged":
			return event.decision === "submit"
				? []
				: [`${event.agent} has the team begin anew: ${excerpt(event.reason)}`];
		case "turn.finished":
			return event.dissent === null || event.dissent.votes === 0
				? []
				: [`dissent: ${event.dissent.answer} holds ${event.dissent.votes}: ${excerpt(event.dissent.text)}`];
		case "turn.failed":
			return [
				"no answer:",
				...event.reasons.map(({ agent, code, message }) => `  ${agent}: ${code}: ${excerpt(message)}`),
			];
		case "session.waiting":
			return [`waits (${event.for}): ${excerpt(event.detail)}`];
		case "session.resumed":
			return ["goes on"];
		case "session.cancelled":
			return ["cancelled"];
		default:
			return [];
	}
}

function limitReached({ agent, limit }: LoggedEvent & { readonly type: "limit.reached" }): string {
	return agent === null ? `the limit ${limit} is reached` : `${agent} has used up its own budget: ${limit}`;
}

function excerpt(text: string): string {
	return excerptOf(text, excerptChars);
}

function percent(share: number): string {
	return `${Math.round(share * 100)} %`;
}
