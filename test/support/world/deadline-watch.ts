import type { SessionState } from "../../../src/consensus/state.ts";
import type { Breaches } from "./breaches.ts";
import type { Clock } from "./clock.ts";
import type { Code } from "./code.ts";

/** Keeps its own time of every deadline, over all machines. */
export type DeadlineWatch = { readonly look: (state: SessionState, lastSeq: number) => void };

type Doors = { readonly code: Code; readonly clock: Clock; readonly breaches: Breaches; readonly slackMs: number };

/** W11: what was first wanted at some moment is over by that moment and its length, and what the faults may cost. */
export function makeDeadlineWatch({ code, clock, breaches, slackMs }: Doors): DeadlineWatch {
	let lasts = new Map<string, number>();
	let seen = -1;
	return {
		look: (state, lastSeq) => {
			const nowMs = clock.elapsedMs();
			if (lastSeq !== seen) {
				const wanted = code.plan(state).deadlines;
				lasts = new Map(wanted.map(({ key, afterMs }) => [key, lasts.get(key) ?? nowMs + afterMs + slackMs]));
				seen = lastSeq;
			}
			for (const [key, lastMs] of lasts)
				breaches.hold(nowMs <= lastMs, "W11", `${key} still runs ${nowMs - lastMs} ms after it had to be over`);
		},
	};
}
