import type { LoggedEvent } from "../../consensus/events.ts";

type EventOf<T extends LoggedEvent["type"]> = Extract<LoggedEvent, { type: T }>;
type Say<T extends LoggedEvent["type"]> = (event: EventOf<T>) => string;

export const summaryCharsMax = 300;

/** An event in one line, without its agent, which stands beside it. Events of a newer server are told as they came. */
export function summaryOf<T extends LoggedEvent["type"]>(event: EventOf<T>): string {
	const rows: Partial<Record<string, Say<T>>> = says as { readonly [type in T]: Say<T> };
	return (rows[event.type] ?? asItCame)(event).replaceAll(/\s+/g, " ").slice(0, summaryCharsMax);
}

const models = (event: EventOf<"call.started">) => `${event.purpose} call to ${event.provider} ${event.model}`;
const votes = (all: EventOf<"votes.voided">["votes"]) =>
	all.map(({ agent, answer }) => `${agent}→${answer}`).join(", ");
const percent = (share: number) => `${Math.round(share * 100)} % agree`;

const says: { readonly [T in LoggedEvent["type"]]: Say<T> } = {
	"session.created": ({ team }) => `team ${team.name}, ${team.agents.length} agents`,
	"turn.queued": ({ message }) => `next question waits: ${message}`,
	"turn.started": ({ turn, question }) => `turn ${turn}: ${question}`,
	"attempt.started": ({ attempt, instructions }) => `attempt ${attempt}${instructions ? `: ${instructions}` : ""}`,
	"round.started": ({ round, shown, recheck }) =>
		`round ${round}${recheck ? " (vote again)" : ""}, sees ${shown.length === 0 ? "no answers" : shown.join(", ")}`,
	"call.started": models,
	"call.finished": ({ outcome, cost_usd }) =>
		`call ${outcome}${cost_usd === null ? "" : `, $${cost_usd.toFixed(4)}`}`,
	"call.resumed": () => "read on after a restart, paid once",
	"agent.text": ({ text }) => text,
	"agent.reasoning": ({ text }) => text,
	"agent.cited": ({ title, url }) => `${title} ${url}`,
	"agent.image": ({ media_type, bytes }) => `made a picture, ${media_type}, ${bytes} bytes`,
	"agent.image_dropped": ({ reason }) => `a picture was dropped: ${reason}`,
	"tool.called": (event) => `${event.tool} ${JSON.stringify(event.arguments)}`,
	"tool.returned": ({ tool, ok, result }) => `${tool} ${ok ? "returned" : "failed"}: ${result}`,
	"answer.accepted": ({ answer, text }) => `answer ${answer}: ${text}`,
	"answer.refused": ({ reason, of }) => `answer refused: ${reason}${of === undefined ? "" : ` of ${of}`}`,
	"vote.cast": ({ answer, reason }) => `votes for ${answer}: ${reason}`,
	"vote.refused": ({ reason }) => `vote refused: ${reason}`,
	"votes.voided": (event) => `${event.by} voids ${votes(event.votes)}`,
	"votes.suspended": (event) => `${event.by} suspends ${votes(event.votes)}`,
	"agent.reminded": ({ reason }) => `reminded: ${reason}`,
	"agent.informed": ({ answers, notes }) => `informed of ${answers.join(", ") || "no answers"}, ${notes} notes`,
	"agent.failed": ({ code, message, retry_in_ms }) =>
		`failed: ${code}${retry_in_ms === null ? "" : `, again in ${Math.round(retry_in_ms / 1000)} s`}: ${message}`,
	"agent.quarantined": ({ code }) => `out of this turn: ${code}`,
	"agent.fell_back": ({ from, to }) => `${to.backend} ${to.model} speaks for ${from.backend} ${from.model}`,
	"agent.hurried": () => "asked to hurry",
	"agent.paused": () => "paused",
	"seal.opened": ({ reason }) =>
		reason === "all" ? "the seal opens: all have answered" : "the seal opens: time is up",
	"limit.near": () => "the turn's time is nearly over",
	"limit.reached": ({ limit }) => `limit reached: ${limit}`,
	"judge.asked": ({ answers }) => `judge asked about ${answers.join(", ")}`,
	"judge.ruled": ({ answer, reason }) => `judge chose ${answer}: ${reason}`,
	"judge.failed": ({ message }) => `judge failed: ${message}`,
	"consensus.reached": ({ answer, agreement }) => `consensus on ${answer}, ${percent(agreement)}`,
	"consensus.failed": ({ best, reason, agreement }) =>
		`no consensus (${reason}), best ${best}, ${percent(agreement)}`,
	"presentation.started": (event) => `presentation, try ${event.try}, ${event.mode}`,
	"presentation.judged": ({ decision, reason }) => `${decision}${reason === "" ? "" : `: ${reason}`}`,
	"final.text": ({ text }) => text,
	"turn.finished": ({ answer }) => `answered: ${answer}`,
	"turn.failed": ({ reasons }) => `turn failed: ${reasons.map(({ message }) => message).join("; ")}`,
	"session.cancelled": () => "cancelled",
	"session.waiting": ({ detail }) => `waits: ${detail}`,
	"session.resumed": () => "goes on",
	"note.added": ({ text }) => `note to all: ${text}`,
	"answer_now.requested": () => "asked to answer now",
	"budget.changed": ({ budget }) => `new budget: ${JSON.stringify(budget)}`,
};

function asItCame(event: LoggedEvent): string {
	const { seq: _seq, at: _at, type: _type, ...rest } = event;
	return JSON.stringify(rest);
}
