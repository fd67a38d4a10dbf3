import type { Command, Refusal } from "../../src/consensus/commands.ts";
import type { SessionEvent } from "../../src/consensus/events.ts";
import type { SessionState } from "../../src/consensus/state.ts";
import { transition } from "../../src/consensus/transition.ts";
import { filesIn, type NumberedFile } from "../store/files.ts";

/** What became of commands that nothing has been written of yet. */
export type Applied =
	| {
			readonly ok: true;
			readonly state: SessionState;
			readonly events: readonly SessionEvent[];
			readonly files: readonly NumberedFile[];
	  }
	| { readonly ok: false; readonly refusal: Refusal };

/** One command after the other; the first refusal refuses all. */
export function applyAll(before: SessionState, commands: readonly Command[]): Applied {
	const events: SessionEvent[] = [];
	const files: NumberedFile[] = [];
	let state = before;
	for (const command of commands) {
		const step = transition(state, command);
		if (!step.ok) return step;
		state = step.state;
		events.push(...step.events);
		files.push(...filesIn(command, step.events));
	}
	return { ok: true, state, events, files };
}
