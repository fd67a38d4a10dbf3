import type { BallotVote, FileRef, SessionEvent } from "../../src/consensus/events.ts";

type Of<T extends SessionEvent["type"]> = SessionEvent & { readonly type: T };

/** One line per event, with the fields that a protocol rule is about; null for what only the ledger of calls cares about. */
export function told(event: SessionEvent): string | null {
	const tell = tellings[event.type] as (event: SessionEvent) => string | null;
	return tell(event);
}

const list = (items: readonly string[]) => (items.length === 0 ? "-" : items.join(" "));
const ballots = (votes: readonly BallotVote[]) => list(votes.map(({ agent, answer }) => `${agent}:${answer}`));
const files = (attachments: readonly FileRef[] = []) => attachments.map(({ file }) => ` ${file}`).join("");
const share = (agreement: number) => `${Math.round(agreement * 100)}%`;

const tellings: { readonly [T in SessionEvent["type"]]: (event: Of<T>) => string | null } = {
	"session.created": () => "session.created",
	"turn.queued": ({ message, attachments }) => `turn.queued ${message}${files(attachments)}`,
	"turn.started": ({ turn, question, attachments }) => `turn.started ${turn} ${question}${files(attachments)}`,
	"attempt.started": ({ attempt }) => `attempt.started ${attempt}`,
	"round.started": ({ agent, round, shown, recheck }) =>
		`round.started ${agent} ${round}${recheck ? " vote-only" : ""}: ${list(shown)}`,
	"call.started": () => null,
	"call.resumed": ({ call }) => `call resumed ${call}`,
	"call.finished": ({ call, outcome }) =>
		outcome === "ok" || outcome === "failed" ? null : `call ${outcome} ${call}`,
	"agent.text": ({ agent, text }) => `agent.text ${agent} ${text}`,
	"agent.reasoning": ({ agent, text }) => `agent.reasoning ${agent} ${text}`,
	"agent.cited": ({ agent, url }) => `agent.cited ${agent} ${url}`,
	"agent.image": ({ agent, file, media_type, bytes }) => `agent.image ${agent} ${file} ${media_type} ${bytes}`,
	"agent.image_dropped": ({ agent, reason }) => `agent.image_dropped ${agent} ${reason}`,
	"tool.called": ({ agent, tool }) => `tool.called ${agent} ${tool}`,
	"tool.returned": ({ agent, tool }) => `tool.returned ${agent} ${tool}`,
	"answer.accepted": ({ agent, answer }) => `answer.accepted ${agent} ${answer}`,
	"answer.refused": ({ agent, reason, of }) =>
		`answer.refused ${agent} ${reason}${of === undefined ? "" : ` of ${of}`}`,
	"vote.cast": ({ agent, answer }) => `vote.cast ${agent} ${answer}`,
	"vote.refused": ({ agent, reason }) => `vote.refused ${agent} ${reason}`,
	"votes.voided": ({ votes, by }) => `votes.voided ${ballots(votes)} by ${by}`,
	"votes.suspended": ({ votes, by }) => `votes.suspended ${ballots(votes)} by ${by}`,
	"agent.reminded": ({ agent, reason }) => `agent.reminded ${agent} ${reason}`,
	"agent.informed": ({ agent, answers, notes }) => `agent.informed ${agent}: ${list(answers)}, notes ${notes}`,
	"agent.failed": ({ agent, code, retry_in_ms }) =>
		`agent.failed ${agent} ${code}${retry_in_ms === null ? "" : `, retry in ${retry_in_ms}`}`,
	"agent.quarantined": ({ agent, code }) => `agent.quarantined ${agent} ${code}`,
	"agent.fell_back": ({ agent, to, code }) => `agent.fell_back ${agent} ${code} to ${to.model}`,
	"agent.paused": ({ agent }) => `agent.paused ${agent}`,
	"seal.opened": ({ reason }) => `seal.opened ${reason}`,
	"limit.near": ({ limit }) => `limit.near ${limit}`,
	"limit.reached": ({ limit, agent }) => `limit.reached ${limit}${agent === null ? "" : ` of ${agent}`}`,
	"judge.asked": ({ answers }) => `judge.asked ${list(answers)}`,
	"judge.ruled": ({ answer }) => `judge.ruled ${answer}`,
	"judge.failed": ({ code }) => `judge.failed ${code}`,
	"consensus.reached": ({ answer, stop, agreement }) => `consensus.reached ${stop} ${answer} ${share(agreement)}`,
	"consensus.failed": ({ reason, limit, best, agreement }) =>
		`consensus.failed ${limit ?? reason} ${best} ${share(agreement)}`,
	"presentation.started": ({ agent, try: number, mode }) => `presentation.started ${agent} ${number} ${mode}`,
	"final.text": ({ text }) => `final.text ${text}`,
	"turn.finished": ({ turn, answer, consensus }) =>
		`turn.finished ${turn} ${consensus ? "consensus" : "no consensus"}: ${answer}`,
	"turn.failed": ({ turn, reasons }) =>
		`turn.failed ${turn}: ${reasons.map(({ agent, code }) => `${agent} ${code}`).join(", ")}`,
	"session.waiting": ({ for: cause, detail }) => `session.waiting ${cause}: ${detail}`,
	"session.resumed": () => "session.resumed",
	"session.cancelled": ({ turn }) => `session.cancelled ${turn}`,
	"note.added": ({ text }) => `note.added ${text}`,
	"answer_now.requested": () => "answer_now.requested",
	"budget.changed": () => "budget.changed",
};
