import { noCost } from "../consensus/cost.ts";
import type {
	AnswerId,
	ConsensusFailure,
	Dissent,
	FileRef,
	LoggedEvent,
	ModelName,
	TallyRow,
	TurnFailureReason,
	WaitingFor,
} from "../consensus/events.ts";
import type { AgentId, Team } from "../consensus/team.ts";
import { billed, spentAfter, type Spent } from "./view-spent.ts";
import { supportOf } from "./view-tally.ts";

/** What a person sees of a session, on whatever screen: a fold over its log from the first event on. */

export const agentTextCharsMax = 4_000;
export const answersShownMax = 100;
export const ballotLinesMax = 200;
export const notesShownMax = 50;
export const imagesShownMax = 50;
export const finalCharsMax = 1_000_000;

export type AnswerView = { readonly answer: AnswerId; readonly text: string };
export type ImageView = Pick<FileRef, "file" | "media_type" | "bytes">;
export type AgentView = {
	readonly id: AgentId;
	readonly backend: string;
	readonly model: string;
	readonly status: "idle" | "thinking" | "retrying" | "answered" | "voted" | "quarantined";
	readonly round: number;
	/** The end of what the agent is saying in this round. */
	readonly text: string;
	/** This turn's, the current one last. */
	readonly answers: readonly AnswerView[];
	/** Null as well while suspended or void. */
	readonly vote: { readonly answer: AnswerId; readonly reason: string } | null;
	/** Pictures it made in this attempt, as files of the session. */
	readonly images: readonly ImageView[];
	/** The last thing that went wrong in this turn. */
	readonly failure: { readonly code: string; readonly message: string } | null;
	/** The agent's own model, where its fallback (`backend`, `model`) has taken over for this turn, and why. */
	readonly fellBack: { readonly from: ModelName; readonly code: string } | null;
};

/** One line of the history of votes: who voted for what, and what became of it. */
export type BallotLine = {
	readonly seq: number;
	readonly what: "cast" | "voided" | "suspended" | "unseen";
	readonly agent: AgentId;
	readonly answer: AnswerId | null;
	readonly reason: string;
};

export type Outcome =
	| { readonly status: "open" }
	| { readonly status: "consensus"; readonly winner: AnswerId; readonly agreement: number }
	| {
			readonly status: "no_consensus";
			readonly winner: AnswerId;
			readonly agreement: number;
			readonly reason: ConsensusFailure;
	  };

export type View = {
	readonly team: string;
	readonly agents: readonly AgentView[];
	readonly phase: "waiting" | "deliberating" | "presenting" | "done" | "failed" | "cancelled";
	/** Why nothing happens in the middle of a turn, and what would let it go on; null where it goes on by itself. */
	readonly waiting: { readonly for: WaitingFor; readonly detail: string; readonly way_out: string } | null;
	readonly turn: number;
	readonly question: string;
	/** What was sent with the question, as files of the session. */
	readonly attachments: readonly FileRef[];
	readonly attempt: number;
	/** Why the presenter of the attempt before had the team begin anew (P13); null in a first attempt. */
	readonly restarted: string | null;
	/** Until the seal opens no agent sees another's answer (P4). */
	readonly sealed: boolean;
	/** The support of every current answer by the votes that stand, the leader first. */
	readonly tally: readonly TallyRow[];
	/** Who would win now; null before the first vote. */
	readonly leader: AnswerId | null;
	readonly outcome: Outcome;
	readonly ballot: readonly BallotLine[];
	readonly presenter: AgentId | null;
	/** Provisional until the phase is `done`. */
	readonly final: string;
	readonly dissent: Dissent | null;
	readonly reasons: readonly TurnFailureReason[];
	/** The cap that ended this turn: `budget.usd`, `budget.session.tokens`, ... */
	readonly limit: string | null;
	readonly notes: readonly string[];
	readonly queued: readonly string[];
	/** Over the whole session. `cost_usd`: null once the price of some call is unknown. */
	readonly spent: Spent;
	readonly last_seq: number;
	/** Answers of this turn in the order of acceptance: what the tally is drawn from. */
	readonly accepted: readonly (AnswerView & { readonly agent: AgentId })[];
};

export const emptyView: View = {
	team: "",
	agents: [],
	phase: "waiting",
	waiting: null,
	turn: 0,
	question: "",
	attachments: [],
	attempt: 0,
	restarted: null,
	sealed: false,
	tally: [],
	leader: null,
	outcome: { status: "open" },
	ballot: [],
	presenter: null,
	final: "",
	dissent: null,
	reasons: [],
	limit: null,
	notes: [],
	queued: [],
	spent: { calls: 0, input: 0, output: 0, cached: 0, saved_usd: 0, cost_usd: noCost.usd, free: noCost.free },
	last_seq: 0,
	accepted: [],
};

/** The view after one more event. Events it does not know change nothing: a newer server may send them. */
export function viewOf(view: View, event: LoggedEvent): View {
	if (event.seq <= view.last_seq) return view;
	return { ...changed(view, event), last_seq: event.seq };
}

type EventOf<T extends LoggedEvent["type"]> = Extract<LoggedEvent, { type: T }>;
type Fold<T extends LoggedEvent["type"]> = (view: View, event: EventOf<T>) => View;

const same = (view: View) => view;

/** What each event changes: one row per type, so that a new type has to be thought about here. */
const folds: { readonly [T in LoggedEvent["type"]]: Fold<T> } = {
	"session.created": (view, { team }) => ({ ...view, team: team.name, agents: team.agents.map(seated) }),
	"turn.queued": (view, { message }) => ({ ...view, queued: [...view.queued, message] }),
	"turn.started": startedTurn,
	"attempt.started": (view, { attempt }) => startedAttempt(view, attempt),
	"round.started": (view, { agent, round }) =>
		withAgent(view, agent, () => ({ status: "thinking", round, text: "" })),
	"call.started": (view, event) => ({ ...view, spent: { ...view.spent, ...billed(view.spent, event) } }),
	"call.resumed": same,
	"call.finished": (view, event) => ({ ...view, spent: spentAfter(view.spent, event) }),
	"agent.text": (view, { agent, text }) =>
		withAgent(view, agent, (said) => ({ status: "thinking", text: (said.text + text).slice(-agentTextCharsMax) })),
	"agent.reasoning": same,
	"agent.cited": same,
	"agent.image": (view, { agent, file, media_type, bytes }) =>
		withAgent(view, agent, ({ images }) => ({
			images: [...images, { file, media_type, bytes }].slice(-imagesShownMax),
		})),
	"agent.image_dropped": same,
	"tool.called": same,
	"tool.returned": same,
	"answer.accepted": accepted,
	// A copy or a rephrasing is followed by the vote it counts as (P7).
	"answer.refused": same,
	"vote.cast": voted,
	"vote.refused": (view, event) =>
		event.reason === "unseen"
			? inBallot(view, [lineOf(event, "unseen", { agent: event.agent, answer: null, reason: "" })])
			: view,
	"votes.voided": (view, event) => unvoted(view, event, "voided"),
	"votes.suspended": (view, event) => unvoted(view, event, "suspended"),
	"agent.reminded": same,
	"agent.informed": same,
	"agent.failed": (view, { agent, code, message, retry_in_ms }) =>
		withAgent(view, agent, ({ status }) => ({
			status: retry_in_ms === null ? status : retrying(view, status),
			failure: { code, message },
		})),
	"agent.quarantined": (view, { agent, code }) =>
		withAgent(view, agent, ({ failure }) => ({ status: "quarantined", failure: failure ?? { code, message: "" } })),
	"agent.fell_back": (view, { agent, from, to, code }) =>
		withAgent(view, agent, ({ status }) => ({ status: retrying(view, status), ...to, fellBack: { from, code } })),
	"agent.paused": same,
	"agent.hurried": same,
	"seal.opened": (view) => ({ ...view, sealed: false }),
	"limit.near": same,
	// An agent's own is told by its quarantine.
	"limit.reached": (view, { limit, agent }) => (agent === null ? { ...view, limit } : view),
	"judge.asked": same,
	"judge.ruled": same,
	"judge.failed": same,
	"consensus.reached": (view, { answer, tally, agreement }) => ({
		...view,
		tally,
		leader: answer,
		outcome: { status: "consensus", winner: answer, agreement },
	}),
	"consensus.failed": (view, { best, tally, agreement, reason }) => ({
		...view,
		tally,
		leader: best,
		outcome: { status: "no_consensus", winner: best, agreement, reason },
	}),
	"presentation.judged": (view, { decision, reason }) =>
		decision === "restart" ? { ...view, restarted: reason } : view,
	"presentation.started": (view, { agent }) => ({ ...view, phase: "presenting", presenter: agent, final: "" }),
	"final.text": (view, { text }) => ({ ...view, final: (view.final + text).slice(0, finalCharsMax) }),
	"turn.finished": (view, { answer, tally, winner, dissent }) => ({
		...atRest(view, "done"),
		final: answer,
		tally,
		leader: winner.answer,
		dissent,
	}),
	"turn.failed": (view, { reasons }) => ({ ...atRest(view, "failed"), reasons }),
	"session.cancelled": (view) => atRest(view, "cancelled"),
	"session.waiting": (view, { for: cause, detail }) => ({
		...view,
		waiting: { for: cause, detail, way_out: wayOut[cause] },
	}),
	"session.resumed": (view) => ({ ...view, waiting: null }),
	"note.added": (view, { text }) => ({ ...view, notes: [...view.notes, text].slice(-notesShownMax) }),
	"answer_now.requested": same,
	"budget.changed": same,
};

/** What a person can do about a session that waits. */
const wayOut = {
	suspended: "Send `resume` to go on, or `cancel` to end this turn.",
	budget: "Raise the session's budget to go on, or `cancel` to end this turn.",
} as const satisfies Record<WaitingFor, string>;

function changed<T extends LoggedEvent["type"]>(view: View, event: EventOf<T>): View {
	const rows: Partial<Record<string, Fold<T>>> = folds as { readonly [type in T]: Fold<T> };
	return rows[event.type]?.(view, event) ?? view;
}

function seated({ id, backend, model }: Pick<Team["agents"][number], "id" | "backend" | "model">): AgentView {
	const nothing = { answers: [], vote: null, images: [], failure: null, fellBack: null };
	return { id, backend, model, status: "idle", round: 0, text: "", ...nothing };
}

function startedTurn(view: View, { turn, question, attachments = [] }: EventOf<"turn.started">): View {
	const { team, spent, last_seq, queued } = view;
	const waiting = queued[0] === question ? queued.slice(1) : queued;
	return {
		...emptyView,
		team,
		spent,
		last_seq,
		queued: waiting,
		agents: view.agents.map((agent) => seated({ ...agent, ...agent.fellBack?.from })),
		phase: "deliberating",
		turn,
		question,
		attachments,
		attempt: 1,
		restarted: null,
		sealed: true,
	};
}

/** A new attempt judges anew: earlier answers are context, not candidates (P13). */
function startedAttempt(view: View, attempt: number): View {
	const agents = view.agents.map((agent) => ({
		...seated(agent),
		failure: agent.failure,
		fellBack: agent.fellBack,
		status: agent.status === "quarantined" ? agent.status : ("idle" as const),
	}));
	return {
		...view,
		agents,
		attempt,
		phase: "deliberating",
		sealed: true,
		tally: [],
		leader: null,
		outcome: { status: "open" },
		presenter: null,
		final: "",
		accepted: [],
	};
}

function atRest(view: View, phase: "done" | "failed" | "cancelled"): View {
	const agents = view.agents.map((agent) =>
		agent.status === "thinking" || agent.status === "retrying" ? { ...agent, status: "idle" as const } : agent,
	);
	return { ...view, phase, agents, sealed: false, waiting: null };
}

function withAgent(view: View, id: AgentId, change: (agent: AgentView) => Partial<AgentView>): View {
	return { ...view, agents: view.agents.map((agent) => (agent.id === id ? { ...agent, ...change(agent) } : agent)) };
}

/** A presenter tries again as well, but what it did in the deliberation stays true. */
function retrying({ phase }: View, status: AgentView["status"]): AgentView["status"] {
	return phase === "presenting" ? status : "retrying";
}

function accepted(view: View, { agent, answer, text }: { agent: AgentId; answer: AnswerId; text: string }): View {
	const shown = { answer, text };
	const after = withAgent(view, agent, ({ answers }) => ({
		status: "answered",
		answers: [...answers, shown].slice(-answersShownMax),
	}));
	return counted({ ...after, accepted: [...view.accepted, { ...shown, agent }].slice(-answersShownMax) });
}

function voted(view: View, event: EventOf<"vote.cast">): View {
	const { agent, answer, reason } = event;
	const after = withAgent(view, agent, () => ({ status: "voted", vote: { answer, reason } }));
	return counted(inBallot(after, [lineOf(event, "cast", event)]));
}

function unvoted(view: View, event: EventOf<"votes.voided" | "votes.suspended">, what: "voided" | "suspended"): View {
	const holders = new Set(event.votes.map(({ agent }) => agent));
	const agents = view.agents.map((agent) =>
		holders.has(agent.id)
			? { ...agent, vote: null, status: agent.status === "voted" ? ("answered" as const) : agent.status }
			: agent,
	);
	const lines = event.votes.map((vote) => lineOf(event, what, { ...vote, reason: `by ${event.by}` }));
	return counted(inBallot({ ...view, agents }, lines));
}

function lineOf(
	{ seq }: LoggedEvent,
	what: BallotLine["what"],
	vote: Pick<BallotLine, "agent" | "answer" | "reason">,
): BallotLine {
	return { seq, what, agent: vote.agent, answer: vote.answer, reason: vote.reason };
}

function inBallot(view: View, lines: readonly BallotLine[]): View {
	return { ...view, ballot: [...view.ballot, ...lines].slice(-ballotLinesMax) };
}

/** The support of each current answer by the votes that stand (P6, P8), until the log says the final one. */
function counted(view: View): View {
	const votes = view.agents.flatMap(({ id, vote }) => (vote === null ? [] : [{ agent: id, answer: vote.answer }]));
	const tally = supportOf(view.accepted, votes);
	return { ...view, tally, leader: votes.length === 0 ? null : (tally[0]?.answer ?? null) };
}
