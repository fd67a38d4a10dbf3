import type { LoggedEvent, SessionEvent } from "./events.ts";
import type { JudgeSpec, Team } from "./team.ts";

/**
 * A session as a person may see it who has only a link to it. They see the conversation and how it was decided: questions,
 * what agents and models said aloud, answers, votes with reasons, tallies, dissent, sources, tokens and cost. They do not
 * see what the owner told the models or the operator's accounts: system prompts, params, tools and spending caps of the
 * team, notes, what tools were asked and found (files and private pages come through there), reasoning (it quotes prompts),
 * and what providers say of a failure (it names accounts). Names of files stay; their bytes are served to the owner alone.
 */
export function sharedEvent({ seq, at, ...event }: LoggedEvent): LoggedEvent {
	return { seq, at, ...redacted(event) };
}

/** The team in the shape of the contract, with nothing in it but who takes part and by which rules. */
export function sharedTeam({ name, preset, agents, protocol, limits }: Team): Team {
	const seats = agents.map(({ id, backend, model, fallback }) => ({
		id,
		backend,
		model,
		system: "",
		params: {},
		tools: [],
		resume: true,
		fallback: fallback === null ? null : bare(fallback),
	}));
	const { judge, ...rules } = protocol;
	const shown = { ...rules, judge: judge === null ? null : bare(judge) };
	return { name, description: "", preset, agents: seats, protocol: shown, limits, budget: uncapped };
}

const bare = ({ backend, model }: JudgeSpec): JudgeSpec => ({ backend, model, params: {} });
const uncapped = { usd: null, tokens: null, calls: null };

type EventOf<T extends SessionEvent["type"]> = Extract<SessionEvent, { type: T }>;
type Redaction<T extends SessionEvent["type"]> = (event: EventOf<T>) => EventOf<T>;

const whole = <T extends SessionEvent>(event: T): T => event;
const withoutMessage = <T extends { readonly message: string }>(event: T): T => ({ ...event, message: "" });

/** One row per type, so that a new type has to be thought about here. */
const redactions: { readonly [T in SessionEvent["type"]]: Redaction<T> } = {
	"session.created": (event) => ({ ...event, team: sharedTeam(event.team) }),
	"turn.queued": whole,
	"turn.started": whole,
	"attempt.started": whole,
	"round.started": whole,
	"call.started": ({ worst: _worst, ...event }) => event,
	"call.finished": whole,
	"call.resumed": whole,
	"agent.text": whole,
	"agent.reasoning": (event) => ({ ...event, text: "" }),
	"agent.cited": whole,
	"agent.image": whole,
	"agent.image_dropped": whole,
	"tool.called": (event) => ({ ...event, arguments: {} }),
	"tool.returned": (event) => ({ ...event, result: "" }),
	"answer.accepted": whole,
	"answer.refused": whole,
	"vote.cast": whole,
	"vote.refused": whole,
	"votes.voided": whole,
	"votes.suspended": whole,
	"agent.reminded": whole,
	"agent.informed": whole,
	"agent.failed": withoutMessage,
	"agent.quarantined": whole,
	"agent.fell_back": whole,
	"agent.hurried": whole,
	"agent.paused": whole,
	"seal.opened": whole,
	"limit.near": whole,
	"limit.reached": whole,
	"judge.asked": whole,
	"judge.ruled": whole,
	"judge.failed": withoutMessage,
	"consensus.reached": whole,
	"consensus.failed": whole,
	"presentation.started": whole,
	"final.text": whole,
	"presentation.judged": whole,
	"turn.finished": whole,
	"turn.failed": (event) => ({ ...event, reasons: event.reasons.map(withoutMessage) }),
	"session.cancelled": whole,
	"session.waiting": (event) => ({ ...event, detail: "" }),
	"session.resumed": whole,
	"note.added": (event) => ({ ...event, text: "" }),
	"answer_now.requested": whole,
	"budget.changed": (event) => ({ ...event, budget: uncapped }),
};

/** A type that this release does not know, written by a newer one, keeps nothing but its name. */
function redacted<T extends SessionEvent["type"]>(event: EventOf<T>): SessionEvent {
	const rows: Partial<Record<string, Redaction<T>>> = redactions as { readonly [type in T]: Redaction<T> };
	const row = rows[event.type];
	const nameOnly: unknown = { type: event.type };
	return row === undefined ? (nameOnly as SessionEvent) : row(event);
}
