import type { SessionEvent, Worst } from "./events.ts";
import { callsIn, type OpenCall } from "./open-calls.ts";
import { spendOf } from "./spend.ts";
import type { Session, Spend, Turn } from "./state.ts";
import type { AgentId, Caps } from "./team.ts";

/** Caps with what has been spent under them: the turn's, the session's, or an agent's own in this turn. */
type Scope = { readonly name: string; readonly agent: AgentId | null; readonly caps: Caps; readonly spend: Spend };

/** Whether the next call may leave. `never`: nothing is in flight that could leave more than it used. */
export type Room =
	| { readonly kind: "enough" }
	| { readonly kind: "later" }
	| { readonly kind: "never"; readonly limit: string; readonly agent: AgentId | null };

type Asking = { readonly agent: AgentId | null; readonly worst: Worst | null };

/** The cap of the turn or the session that leaves nothing to spend, or null. */
export function exhaustedBudget(session: Session, turn: Turn): string | null {
	if (turn.limit !== null) return turn.limit;
	return firstOf(sharedScopes(session, turn), (scope) => spentCap(scope));
}

/** The cap of the session that leaves nothing for another turn, or null. */
export function exhaustedSession(session: Session): string | null {
	return firstOf(sessionScope(session), (scope) => spentCap(scope));
}

/** Whether a turn has not cost anything yet: what the session has left then decides whether it begins at all. */
export function isUntouched({ spend }: Turn): boolean {
	return spend.calls === 0;
}

/** A turn that the session's budget does not pay for waits for a larger one. */
export function waitsForBudget(limit: string): SessionEvent {
	return { type: "session.waiting", for: "budget", detail: `The session has used up ${limit}.` };
}

/** P9: past 80 % of the turn's time, or of a budget: its own, the session's or this agent's. */
export function nearLimit(session: Session, turn: Turn, agent: AgentId): boolean {
	return turn.near || scopesOf(session, turn, agent).some((scope) => shareSpent(scope) >= 0.8);
}

/**
 * P9: whether a call may be dispatched: what has been spent, what the open calls may still use and what this one may use
 * have to fit under each cap. So a cap is passed only by calls that used more than their worst.
 */
export function roomFor(session: Session, turn: Turn, { agent, worst }: Asking): Room {
	const open = callsIn(turn);
	for (const scope of scopesOf(session, turn, agent)) {
		const inFlight = scope.agent === null ? open : open.filter((call) => call.agent === scope.agent);
		const limit = spentCap(scope) ?? tightCap(scope, inFlight, worst);
		if (limit === null) continue;
		return inFlight.length > 0 ? { kind: "later" } : { kind: "never", limit, agent: scope.agent };
	}
	return { kind: "enough" };
}

/**
 * What the next call may use at most, for whoever sizes it: what is left with nothing in flight, since until then a call
 * waits rather than being cut short. Infinite where there is no cap.
 */
export function leftFor(
	session: Session,
	turn: Turn,
	agent: AgentId | null,
): { readonly tokens: number; readonly usd: number } {
	const scopes = scopesOf(session, turn, agent);
	const left = (name: "tokens" | "usd") =>
		Math.min(...scopes.map(({ caps, spend }) => (caps[name] ?? Infinity) - spend[name]));
	return { tokens: left("tokens"), usd: left("usd") };
}

/** P9: what follows where a call can never leave. An agent without means retires: its answers and its vote stand. */
export function limitReached(turn: Turn, { limit, agent }: Room & { readonly kind: "never" }): readonly SessionEvent[] {
	if (isUntouched(turn) && limit.startsWith(ofSession)) return [waitsForBudget(limit)];
	const reached = { type: "limit.reached", limit, agent } as const;
	return agent === null ? [reached] : [reached, { type: "agent.quarantined", agent, code: limit }];
}

/** Whether what a call may use has to be known before it is dispatched. */
export function capsUse({ team: { budget } }: Session): boolean {
	return [budget, budget.session, budget.agent].some((caps) => (caps?.usd ?? caps?.tokens ?? null) !== null);
}

/** Whether it has to be known how long calls take. */
export function capsSeconds({ team: { budget } }: Session): boolean {
	return [budget.session, budget.agent].some((caps) => (caps?.seconds ?? null) !== null);
}

/** The agent's own first: where it has nothing left, nobody has to wait for it. */
function scopesOf(session: Session, turn: Turn, agent: AgentId | null): readonly Scope[] {
	const { agent: caps } = session.team.budget;
	const shared = sharedScopes(session, turn);
	if (agent === null || caps === undefined || caps === null) return shared;
	return [{ name: "budget.agent", agent, caps, spend: spendOf(turn, agent) }, ...shared];
}

function sharedScopes(session: Session, turn: Turn): readonly Scope[] {
	// The turn's seconds are by the clock: a deadline's matter.
	const caps = { ...session.team.budget, seconds: null };
	return [{ name: "budget", agent: null, caps, spend: turn.spend }, ...sessionScope(session)];
}

function sessionScope({ team: { budget }, spend }: Session): readonly Scope[] {
	const { session: caps } = budget;
	return caps === undefined || caps === null ? [] : [{ name: ofSession, agent: null, caps, spend }];
}

const ofSession = "budget.session";
const names = ["calls", "tokens", "usd", "seconds"] as const;

function spentCap({ name: scope, caps, spend }: Scope): string | null {
	const name = names.find((candidate) => spentOf(spend, candidate) >= (caps[candidate] ?? Infinity));
	return name === undefined ? null : `${scope}.${name}`;
}

function tightCap(
	{ name: scope, caps, spend }: Scope,
	inFlight: readonly OpenCall[],
	worst: Worst | null,
): string | null {
	if (worst === null) return null;
	const reserved = (name: "tokens" | "usd") => inFlight.reduce((sum, call) => sum + (call.worst?.[name] ?? 0), 0);
	const tight = (["tokens", "usd"] as const).find((name) => {
		const cap = caps[name] ?? null;
		// A call without a price never fits under a cap in dollars: nobody could say that it does.
		return cap !== null && !(spend[name] + reserved(name) + (worst[name] ?? Infinity) <= cap);
	});
	return tight === undefined ? null : `${scope}.${tight}`;
}

function shareSpent({ caps, spend }: Scope): number {
	return Math.max(...names.map((name) => spentOf(spend, name) / (caps[name] ?? Infinity)));
}

function spentOf(spend: Spend, name: (typeof names)[number]): number {
	return name === "seconds" ? spend.ms / 1000 : spend[name];
}

function firstOf(scopes: readonly Scope[], pick: (scope: Scope) => string | null): string | null {
	for (const scope of scopes) {
		const picked = pick(scope);
		if (picked !== null) return picked;
	}
	return null;
}
