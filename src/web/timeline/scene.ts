import type { AnswerId, CallId, LoggedEvent } from "../../consensus/events.ts";
import type { AgentId } from "../../consensus/team.ts";
import { summaryOf } from "../log/summary-of.ts";
import type { Entry } from "../state/entry.ts";

/** Something that took a while: a round, the presentation, a call within them. */
export type Span = {
	readonly shape: "span";
	readonly kind: "round" | "presentation" | "call";
	readonly seq: number;
	readonly lane: number;
	readonly fromMs: number;
	readonly toMs: number;
	/** Not over yet: it ends where the scene does. */
	readonly open: boolean;
	readonly text: string;
	/** Of a call: null where nobody knows its price. */
	readonly cost_usd: number | null;
};

export type MarkKind = "answer" | "vote" | "fell" | "refused" | "failed" | "out" | "told";

/** Something that happened at once, to one agent. */
export type Mark = {
	readonly shape: "mark";
	readonly kind: MarkKind;
	readonly seq: number;
	readonly lane: number;
	readonly fromMs: number;
	readonly toMs: number;
	readonly text: string;
	readonly answer: AnswerId | null;
};

/** Something that concerned the whole team: the seal, a note, the verdict. */
export type Turning = { readonly seq: number; readonly atMs: number; readonly text: string; readonly short: string };

/** An answer that an agent came to see, from where it was given to where it was seen. */
export type Influence = {
	readonly seq: number;
	readonly answer: AnswerId;
	readonly from: { readonly lane: number; readonly ms: number };
	readonly to: { readonly lane: number; readonly ms: number };
};

export type Item = Span | Mark;

/** One turn as swimlanes; times are milliseconds since the turn began. The last lane is the judge's, where there is one. */
export type Scene = {
	readonly lanes: readonly (AgentId | null)[];
	readonly items: readonly Item[];
	readonly turnings: readonly Turning[];
	readonly influences: readonly Influence[];
	readonly endMs: number;
};

type Draft = {
	readonly agents: readonly AgentId[];
	readonly startMs: number;
	nowMs: number;
	judged: boolean;
	readonly items: Item[];
	readonly turnings: Turning[];
	readonly influences: Influence[];
	/** Where open spans stand among the items: calls by their id, rounds by their agent. */
	readonly calls: Map<CallId, number>;
	readonly rounds: Map<AgentId, number>;
	readonly given: Map<AnswerId, { readonly lane: number; readonly ms: number }>;
	readonly seen: Set<string>;
};

/** The swimlanes of a turn, from the lines of its log. */
export function sceneOf(entries: readonly Entry[], turn: number, agents: readonly AgentId[]): Scene {
	let draft: Draft | null = null;
	for (const { event } of entries) {
		if (event.type === "turn.started") {
			if (draft !== null) break;
			if (event.turn === turn) draft = begun(event, agents);
		} else if (draft !== null) enter(draft, event);
	}
	if (draft === null) return { lanes: agents, items: [], turnings: [], influences: [], endMs: 0 };
	const endMs = draft.nowMs;
	const items = draft.items.map((item) => (item.shape === "span" && item.open ? { ...item, toMs: endMs } : item));
	const { turnings, influences, judged } = draft;
	return { lanes: judged ? [...agents, null] : agents, items, turnings, influences, endMs };
}

function begun({ at }: LoggedEvent, agents: readonly AgentId[]): Draft {
	return {
		agents,
		startMs: Date.parse(at),
		nowMs: 0,
		judged: false,
		items: [],
		turnings: [],
		influences: [],
		calls: new Map(),
		rounds: new Map(),
		given: new Map(),
		seen: new Set(),
	};
}

function enter(draft: Draft, event: LoggedEvent): void {
	// A clock that was set back must not turn the picture round.
	draft.nowMs = Math.max(draft.nowMs, Date.parse(event.at) - draft.startMs);
	spanned(draft, event);
	marked(draft, event);
}

/** What begins or ends something that takes a while. */
function spanned(draft: Draft, event: LoggedEvent): void {
	switch (event.type) {
		case "round.started":
			closeRound(draft, event.agent);
			openRound(draft, event, "round");
			return sees(draft, event, event.shown);
		case "presentation.started":
			closeRound(draft, event.agent);
			return openRound(draft, event, "presentation");
		case "call.started":
			if (event.agent === null) draft.judged = true;
			draft.calls.set(event.call, draft.items.length);
			return open(draft, event, { kind: "call", agent: event.agent });
		case "call.finished": {
			const { call, cost_usd } = event;
			const at = draft.calls.get(call);
			draft.calls.delete(call);
			return close(draft, at, { cost_usd, text: summaryOf(event) });
		}
		case "answer.accepted":
		case "vote.cast":
		case "agent.quarantined":
			return closeRound(draft, event.agent);
		case "agent.failed":
			if (event.retry_in_ms === null) closeRound(draft, event.agent);
			return;
		case "consensus.reached":
		case "consensus.failed":
		case "attempt.started":
		case "turn.finished":
		case "turn.failed":
		case "session.cancelled":
			for (const agent of draft.rounds.keys()) closeRound(draft, agent);
			return;
		default:
	}
}

/** What happens at once. */
function marked(draft: Draft, event: LoggedEvent): void {
	switch (event.type) {
		case "answer.accepted": {
			const lane = draft.agents.indexOf(event.agent);
			draft.given.set(event.answer, { lane, ms: draft.nowMs });
			return mark(draft, event, { kind: "answer", agent: event.agent, answer: event.answer });
		}
		case "vote.cast":
			return mark(draft, event, { kind: "vote", agent: event.agent, answer: event.answer });
		case "votes.voided":
		case "votes.suspended":
			for (const { agent } of event.votes) mark(draft, event, { kind: "fell", agent, answer: event.by });
			return;
		case "answer.refused":
		case "vote.refused":
		case "agent.reminded":
			return mark(draft, event, { kind: "refused", agent: event.agent });
		case "agent.failed":
			return mark(draft, event, { kind: "failed", agent: event.agent });
		case "agent.quarantined":
			return mark(draft, event, { kind: "out", agent: event.agent });
		case "agent.informed":
			sees(draft, event, event.answers);
			return mark(draft, event, { kind: "told", agent: event.agent });
		default: {
			const anew = event.type === "attempt.started" && event.attempt > 1;
			const short = anew ? `attempt ${event.attempt}` : turningNames[event.type];
			if (short !== undefined)
				draft.turnings.push({ seq: event.seq, atMs: draft.nowMs, text: summaryOf(event), short });
		}
	}
}

const turningNames: Readonly<Partial<Record<LoggedEvent["type"], string>>> = {
	"seal.opened": "seal opens",
	"note.added": "note",
	"answer_now.requested": "answer now",
	"limit.near": "time is short",
	"limit.reached": "limit",
	"session.waiting": "waits",
	"session.resumed": "goes on",
	"consensus.reached": "consensus",
	"consensus.failed": "no consensus",
	"judge.ruled": "judge",
	"turn.finished": "done",
	"turn.failed": "failed",
	"session.cancelled": "cancelled",
};

type Opening = { readonly kind: Span["kind"]; readonly agent: AgentId | null };

function openRound(
	draft: Draft,
	event: Extract<LoggedEvent, { type: "round.started" | "presentation.started" }>,
	kind: Span["kind"],
): void {
	draft.rounds.set(event.agent, draft.items.length);
	open(draft, event, { kind, agent: event.agent });
}

function open(draft: Draft, event: LoggedEvent, { kind, agent }: Opening): void {
	const lane = agent === null ? draft.agents.length : draft.agents.indexOf(agent);
	const { nowMs } = draft;
	const span = { lane, fromMs: nowMs, toMs: nowMs, open: true, text: summaryOf(event), cost_usd: null };
	draft.items.push({ shape: "span", kind, seq: event.seq, ...span });
}

function close(draft: Draft, at: number | undefined, more: Partial<Pick<Span, "cost_usd" | "text">> = {}): void {
	const item = at === undefined ? undefined : draft.items[at];
	if (at === undefined || item?.shape !== "span") return;
	const text = more.text === undefined ? item.text : `${item.text}: ${more.text}`;
	draft.items[at] = { ...item, ...more, text, toMs: draft.nowMs, open: false };
}

function closeRound(draft: Draft, agent: AgentId): void {
	close(draft, draft.rounds.get(agent));
	draft.rounds.delete(agent);
}

type Marking = { readonly kind: MarkKind; readonly agent: AgentId; readonly answer?: AnswerId };

function mark(draft: Draft, event: LoggedEvent, { kind, agent, answer }: Marking): void {
	const lane = draft.agents.indexOf(agent);
	if (lane === -1) return;
	const { nowMs } = draft;
	const text = summaryOf(event);
	const { seq } = event;
	draft.items.push({ shape: "mark", kind, seq, lane, fromMs: nowMs, toMs: nowMs, text, answer: answer ?? null });
}

/** An arrow for each answer of another that an agent sees for the first time. */
function sees(
	draft: Draft,
	{ agent, seq }: { readonly agent: AgentId; readonly seq: number },
	answers: readonly AnswerId[],
): void {
	const lane = draft.agents.indexOf(agent);
	for (const answer of answers) {
		const from = draft.given.get(answer);
		const key = `${lane} ${answer}`;
		if (from === undefined || from.lane === lane || draft.seen.has(key)) continue;
		draft.seen.add(key);
		draft.influences.push({ seq, answer, from, to: { lane, ms: draft.nowMs } });
	}
}
