import type { Bill, Command } from "../../../src/consensus/commands.ts";
import type { LoggedEvent } from "../../../src/consensus/events.ts";
import { labelsOf } from "../../../src/consensus/labels.ts";
import { plan } from "../../../src/consensus/plan.ts";
import { emptySession, type SessionState } from "../../../src/consensus/state.ts";
import type { AgentId, Budget, Team } from "../../../src/consensus/team.ts";
import { transition } from "../../../src/consensus/transition.ts";
import { teamOf } from "../../consensus/scenario.ts";

/** A session played by the real core at the moments that its script names. */
export type Stage = {
	readonly log: readonly LoggedEvent[];
	/** Moves the clock to so many seconds after the start. */
	readonly at: (seconds: number) => Stage;
	readonly sends: (command: Command) => Stage;
	/** Sends the calls of these agents that are due. */
	readonly thinks: (...agents: readonly Actor[]) => Stage;
	readonly says: (agent: Actor, text: string) => Stage;
	readonly answers: (agent: Actor, content: string, usd: number) => Stage;
	readonly votes: (agent: Actor, answer: string, reason: string, usd: number) => Stage;
	/** The winner's words. */
	readonly presents: (text: string, usd: number) => Stage;
	readonly fails: (agent: Actor, message: string, more?: { readonly retryInMs?: number }) => Stage;
};

export const actors = ["claude", "gpt", "gemini"] as const;
export type Actor = (typeof actors)[number];

const startMs = Date.UTC(2026, 2, 27, 9, 30);
const seed = 7;
const models = {
	claude: { backend: "anthropic", model: "claude-opus-5" },
	gpt: { backend: "openai", model: "gpt-5.5" },
	gemini: { backend: "gemini", model: "gemini-3.1-pro-preview" },
} as const;

/** A session of three agents that has just been asked. */
export function stage(question: string, budget: Partial<Budget> = {}): Stage {
	const team = castOf(teamOf({ agents: actors.length, budget }));
	return played({ state: emptySession, log: [], atMs: startMs }).sends({ type: "open", team, seed, question });
}

function castOf(team: Team): Team {
	const agents = team.agents.map((agent, seat) => {
		const id = actors[seat] ?? "claude";
		return { ...agent, ...models[id], id: id as string as AgentId };
	});
	return { ...team, name: "trio", agents };
}

type Played = { readonly state: SessionState; readonly log: readonly LoggedEvent[]; readonly atMs: number };

function played(now: Played): Stage {
	const sends = (command: Command): Stage => played(after(now, command));
	const ends = (
		who: Actor | null,
		toolCalls: Reply["toolCalls"],
		{ text = "", usd }: { text?: string; usd: number },
	) => {
		const call = callOf(now.state, who);
		const bill = {
			usage: { input: 2400, output: 300, cached: null, reasoning: null },
			costUsd: usd,
		} satisfies Bill;
		const reply = { text, toolCalls, paused: false };
		return played(dispatched(now, who)).sends({ type: "call.ended", call, reply, bill });
	};
	return {
		log: now.log,
		at: (seconds) => played({ ...now, atMs: startMs + seconds * 1000 }),
		sends,
		thinks: (...who) => played(who.reduce(dispatched, now)),
		says: (agent, text) =>
			played(dispatched(now, agent)).sends({
				type: "call.streamed",
				call: callOf(now.state, agent),
				pieces: [{ kind: "text", text }],
			}),
		answers: (agent, content, usd) => ends(agent, [{ name: "new_answer", arguments: { content } }], { usd }),
		votes: (agent, answer, reason, usd) =>
			ends(agent, [{ name: "vote", arguments: { answer: labelFor(agent, answer), reason } }], { usd }),
		presents: (text, usd) => ends(null, [], { text, usd }),
		fails: (agent, message, { retryInMs } = {}) =>
			played(dispatched(now, agent)).sends({
				type: "call.failed",
				call: callOf(now.state, agent),
				code: retryInMs === undefined ? "auth" : "overloaded",
				message,
				retryable: retryInMs !== undefined,
				begun: false,
				retryInMs: retryInMs ?? 0,
				bill: { usage: null, costUsd: 0 },
			}),
	};
}

type Reply = (Command & { readonly type: "call.ended" })["reply"];

function after({ state, log, atMs }: Played, command: Command): Played {
	const next = transition(state, command);
	if (!next.ok) throw new Error(`the script is wrong: ${command.type} is refused as ${next.refusal.code}`);
	const at = new Date(atMs).toISOString();
	const events = next.events.map((event, i): LoggedEvent => ({ seq: log.length + i + 1, at, ...event }));
	return { state: next.state, log: [...log, ...events], atMs };
}

function dispatched(now: Played, who: Actor | null): Played {
	const wanted = wantedOf(now.state, who);
	return wanted.status === "open" ? now : after(now, { type: "call.dispatched", call: wanted.id });
}

/** Nobody in particular is the presenter. */
function wantedOf(state: SessionState, who: Actor | null) {
	const calls = plan(state).calls;
	const call = calls.find(({ agent, purpose }) => (who === null ? purpose === "presentation" : agent === who));
	if (call === undefined) throw new Error(`the script is wrong: no call of ${who ?? "the presenter"} is wanted`);
	return call;
}

function callOf(state: SessionState, who: Actor | null) {
	return wantedOf(state, who).id;
}

/** What the voter calls this answer. */
function labelFor(voter: Actor, answer: string): string {
	const author = Number(/^a(\d+)\./.exec(answer)?.[1]) - 1;
	return labelsOf(seed, actors.indexOf(voter), actors.length).ofSeat[author] ?? "";
}
