import type { ResumePoint } from "../../src/backends/backend.ts";
import type { CallId } from "../../src/consensus/events.ts";

/** Where open calls can be taken up again, as far as the next commit has to write it: one for each at most. */
export type Points = Map<CallId, ResumePoint>;

/**
 * Hears where one call can be taken up again. A handle is written at once, since a crash would lose an answer that is paid
 * for. A cursor only spares the reading of what came before it: it waits for the next commit, whose text it matches, and
 * causes none. So does a handle that the disk did not take (`write` is false).
 */
export function hearingPoints(
	points: Points,
	call: CallId,
	write: (call: CallId, point: ResumePoint) => boolean,
): (point: ResumePoint) => void {
	let known: string | null = null;
	return ({ handle, cursor }) => {
		const taken = known === handle || write(call, { handle, cursor: null });
		known = handle;
		if (cursor !== null || !taken) points.set(call, { handle, cursor });
	};
}
