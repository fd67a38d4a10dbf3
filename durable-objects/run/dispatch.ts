import type { Sized } from "../../src/agent/worst-case.ts";
import type { ModelRequest } from "../../src/backends/backend.ts";
import { capsUse } from "../../src/consensus/budget.ts";
import type { CallId, SessionEvent } from "../../src/consensus/events.ts";
import { plan, type WantedCall } from "../../src/consensus/plan.ts";
import type { Session, SessionState } from "../../src/consensus/state.ts";
import { agentsMax } from "../../src/consensus/team.ts";
import { assert } from "../../src/std/assert.ts";
import { applyAll } from "./applied.ts";
import type { Running } from "../store/deadlines.ts";

export type Dispatching = {
	/** The deadlines as they run in this state. */
	readonly running: (state: SessionState) => Running;
	/**
	 * The request of a call with its worst case, null where it cannot be built; asked for only where something is capped
	 * that depends on it.
	 */
	readonly sizedFor: (session: Session, call: WantedCall) => Sized | null;
	/** Calls that wait for those in flight, and need not be sized again before one of them has ended. */
	readonly held: Set<CallId>;
	readonly nowMs: number;
};

export type Dispatched = {
	readonly state: SessionState;
	readonly events: readonly SessionEvent[];
	readonly calls: readonly WantedCall[];
	/** Of those that have been built already. */
	readonly requests: ReadonlyMap<CallId, ModelRequest>;
};

/** Each pass but the last one retires an agent, or ends what the turn was at: deliberation, the judge, the presentation. */
const passesMax = agentsMax + 4;

/** Calls that are due now, logged as dispatched in the commit at hand, before their requests leave. */
export function dispatchDue(before: SessionState, dispatching: Dispatching): Dispatched {
	const events: SessionEvent[] = [];
	const calls: WantedCall[] = [];
	const requests = new Map<CallId, ModelRequest>();
	let state = before;
	for (let pass = 0; pass < passesMax; pass += 1) {
		const already = events.length;
		for (const call of dueIn(state, dispatching)) {
			const step = dispatched(state, call, dispatching);
			state = step.state;
			events.push(...step.events);
			if (!step.leaves) continue;
			calls.push(call);
			if (step.request !== null) requests.set(call.id, step.request);
		}
		// Where a cap was reached, what the state wants now is something else.
		if (events.slice(already).every(({ type }) => type !== "limit.reached"))
			return { state, events, calls, requests };
	}
	throw new RangeError("what cannot be paid for ends");
}

/** A state whose due calls are left to the commit that follows. */
export function undispatched(state: SessionState): Dispatched {
	return { state, events: [], calls: [], requests: new Map() };
}

function dueIn(state: SessionState, { running, held, nowMs }: Dispatching): readonly WantedCall[] {
	const due = plan(state).calls.filter(({ status, id }) => status === "due" && !held.has(id));
	if (due.length === 0) return due;
	const dueMs = running(state);
	return due.filter(({ gate }) => gate === null || (dueMs.get(gate) ?? nowMs) <= nowMs);
}

type Step = Pick<Dispatched, "state" | "events"> & { readonly leaves: boolean; readonly request: ModelRequest | null };

/** P9: the core lets fewer leave than are wanted: each dispatch changes what the budget still allows. */
function dispatched(state: SessionState, call: WantedCall, { sizedFor, held }: Dispatching): Step {
	assert(state.status === "open", "a call belongs to a session");
	const { id } = call;
	if (!capsUse(state)) return applied(state, { type: "call.dispatched", call: id }, null);
	const stillDue = plan(state).calls.some((wanted) => wanted.id === id && wanted.status === "due");
	if (!stillDue) return { state, events: [], leaves: false, request: null };
	const asked = sizedFor(state, call);
	if (asked === null) return applied(state, { type: "call.dispatched", call: id }, null);
	const step = applied(state, { type: "call.dispatched", call: id, worst: asked.worst }, asked.request);
	if (step.events.length === 0) held.add(id);
	return step;
}

function applied(
	state: SessionState,
	command: Parameters<typeof applyAll>[1][number],
	request: ModelRequest | null,
): Step {
	const step = applyAll(state, [command]);
	assert(step.ok, "a wanted call can be dispatched");
	const leaves = step.events.some(({ type }) => type === "call.started");
	return { state: step.state, events: step.events, leaves, request };
}
