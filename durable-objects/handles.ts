import type { ResumePoint } from "../src/backends/backend.ts";
import type { CallId } from "../src/consensus/events.ts";

/** Where open calls can be taken up again, and what of that is not written yet. */
export type Handles = {
	readonly heard: (call: CallId, point: ResumePoint) => void;
	/** What the next commit has to write: places up to which everything is in the log or in that commit. */
	readonly due: () => ReadonlyMap<CallId, ResumePoint>;
	readonly committed: () => void;
	readonly drop: (call: CallId) => void;
};

/**
 * A handle is written at once, since a crash would lose an answer that is paid for. A cursor only spares the reading of
 * what came before it: it waits for the next commit, whose text it matches, and causes none.
 */
export function makeHandles(write: (call: CallId, point: ResumePoint) => void): Handles {
	const known = new Map<CallId, string>();
	const cursors = new Map<CallId, ResumePoint>();
	return {
		heard: (call, { handle, cursor }) => {
			if (known.get(call) !== handle) write(call, { handle, cursor: null });
			known.set(call, handle);
			if (cursor !== null) cursors.set(call, { handle, cursor });
		},
		due: () => cursors,
		committed: () => cursors.clear(),
		drop: (call) => {
			known.delete(call);
			cursors.delete(call);
		},
	};
}
