/** While a call is open the object wakes at least this often: it keeps it alive with no client, and after a crash. */
export const heartbeatMs = 25_000;

/** Text of all open calls is committed together this often; the interval widens while timers come late. */
export const flushMs = { first: 100, least: 200, most: 1000, late: 40 } as const;

export type AlarmClock = {
	/** Wakes the object at the first of these moments (ms since the epoch), and for the heartbeat while calls are open. */
	readonly arm: (moments: Iterable<number>, at: { beating: boolean; nowMs: number }) => void;
	/** The alarm has gone off and is not set any more. */
	readonly fired: () => void;
};

/** An alarm that comes too early does no harm, so it is only moved when it would come too late: each move is a write. */
export function alarmClock(setAlarm: (dueMs: number | null) => void): AlarmClock {
	let armedMs: number | null = null;
	return {
		fired: () => {
			armedMs = null;
		},
		arm: (moments, { beating, nowMs }) => {
			const next = Math.min(...moments, beating ? nowMs + heartbeatMs : Number.POSITIVE_INFINITY);
			const wanted = Number.isFinite(next) ? next : null;
			if (wanted === armedMs || (wanted !== null && armedMs !== null && armedMs <= wanted)) return;
			armedMs = wanted;
			setAlarm(wanted);
		},
	};
}

export type FlushClock = {
	/** There is text to be committed. */
	readonly soon: () => void;
	/** Everything up to now is committed. */
	readonly committed: (nowMs: number) => void;
};

/** A timer that comes late means a busy machine: flush less often, since writes while streaming cost the most. */
export function flushClock(deps: {
	now: () => number;
	later: (run: () => void, ms: number) => void;
	flush: () => void;
}): FlushClock {
	let scheduled = false;
	let waiting = false;
	let dueMs = 0;
	let lastMs = 0;
	let intervalMs: number = flushMs.least;
	const ring = () => {
		scheduled = false;
		const late = deps.now() - dueMs > flushMs.late;
		intervalMs = late ? Math.min(flushMs.most, intervalMs * 2) : Math.max(flushMs.least, intervalMs * 0.8);
		if (waiting) deps.flush();
	};
	return {
		committed: (nowMs) => {
			waiting = false;
			lastMs = nowMs;
		},
		soon: () => {
			waiting = true;
			if (scheduled) return;
			const waitMs = Math.max(flushMs.first, lastMs + intervalMs - deps.now());
			scheduled = true;
			dueMs = deps.now() + waitMs;
			deps.later(ring, waitMs);
		},
	};
}

/** How often it is looked whether more calls are about to end, and for how long in all the first one waits for them. */
export const endingMs = { step: 1, most: 5 } as const;

export type EndingClock = {
	/** Some call has brought something. */
	readonly heard: () => void;
	/** A call has ended. */
	readonly soon: () => void;
};

/**
 * Calls that end together share one commit: each is a write that the disk has to confirm. So an ending waits while others
 * bring something at this very moment, as they do where all answers come in one go, and never for one that is silent.
 */
export function endingClock(deps: {
	now: () => number;
	later: (run: () => void, ms: number) => void;
	/** Whether calls are open that have not ended. */
	others: () => boolean;
	end: () => void;
}): EndingClock {
	let waiting = false;
	let heard = false;
	let untilMs = 0;
	const ring = () => {
		if (heard && deps.others() && deps.now() < untilMs) {
			heard = false;
			return deps.later(ring, endingMs.step);
		}
		waiting = false;
		deps.end();
	};
	return {
		heard: () => {
			heard = true;
		},
		soon: () => {
			heard = true;
			if (waiting) return;
			waiting = true;
			untilMs = deps.now() + endingMs.most;
			deps.later(ring, 0);
		},
	};
}
