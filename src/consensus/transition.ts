import { assert } from "../std/assert.ts";
import { advance } from "./advance.ts";
import type { Command, Refusal } from "./commands.ts";
import { decide } from "./decide.ts";
import type { SessionEvent } from "./events.ts";
import { reduce } from "./reduce.ts";
import type { SessionState } from "./state.ts";

export type Transition =
	| { readonly ok: true; readonly state: SessionState; readonly events: readonly SessionEvent[] }
	| { readonly ok: false; readonly refusal: Refusal };

/** Batches that may follow from one command: a verdict, its presentation, the turn's end, the next turn, its rounds. */
const followingMax = 64;

/** One command and all that follows from it without waiting: the only door through which a session changes. */
export function transition(state: SessionState, command: Command): Transition {
	const decision = decide(state, command);
	if (!decision.ok) return decision;
	const events: SessionEvent[] = [];
	let next = state;
	let batch = decision.events;
	for (let following = 0; batch.length > 0; following++) {
		assert(following < followingMax, "what follows from a command ends");
		next = batch.reduce(reduce, next);
		events.push(...batch);
		batch = advance(next);
	}
	return { ok: true, state: next, events };
}
