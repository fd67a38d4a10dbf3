/** While a call is open the object wakes at least this often: it keeps it alive with no client, and after a crash. */
export const heartbeatMs = 25_000;

/** Text of all open calls is committed together, so far apart at least; further while timers come late. */
export const flushMs = { first: 100, least: 200, most: 1000, late: 40 } as const;

/**
 * Each commit is a row that is paid. Who reads a turn's first half minute reads along; one that goes on for long is looked
 * at now and then. So from so many flushes on they come at least so far apart: some 1,150 in ten minutes.
 */
const flushesApart = [
	{ from: 1000, ms: 1000 },
	{ from: 150, ms: 500 },
] as const;

/**
 * What the sessions of one machine flush together: one flush in so long, so that many at once leave it time to read. Timers
 * do not tell: they come on time there, and what is late is the reading.
 */
export const crowdMs = { apart: 10, most: 5000 } as const;

/** Until when the flushes that were asked for fill the machine. */
export type Crowd = { untilMs: number };

/** Takes a place among all who flush; how long it is until there is room for it. */
function roomInMs(crowd: Crowd, nowMs: number): number {
	// A clock that was set back must not keep everybody waiting.
	const ahead = Math.min(crowdMs.most, Math.max(0, crowd.untilMs - nowMs));
	crowd.untilMs = nowMs + Math.min(crowdMs.most, ahead + crowdMs.apart);
	return ahead;
}

export type AlarmClock = {
	/** Wakes the object at the first of these moments (ms since the epoch), and for the heartbeat while calls are open. */
	readonly arm: (moments: Iterable<number>, at: { beating: boolean; nowMs: number }) => void;
	/** The alarm has gone off and is not set any more. */
	readonly fired: () => void;
};

/** An alarm that is so late is lost: it is set anew at the next occasion. */
export const alarmLateMs = 5_000;

/**
 * An alarm that comes too early does no harm, so it is only moved when it would come too late: each move is a write. One
 * that could not be set is not set; `failed` is told, and the next occasion sets it.
 */
export function alarmClock(
	setAlarm: (dueMs: number | null) => void | Promise<void>,
	failed: (error: unknown) => void,
): AlarmClock {
	let armedMs: number | null = null;
	const set = async (dueMs: number | null) => {
		armedMs = dueMs;
		try {
			await setAlarm(dueMs);
		} catch (error) {
			if (armedMs === dueMs) armedMs = null;
			failed(error);
		}
	};
	return {
		fired: () => {
			armedMs = null;
		},
		arm: (moments, { beating, nowMs }) => {
			const next = Math.min(...moments, beating ? nowMs + heartbeatMs : Number.POSITIVE_INFINITY);
			const wanted = Number.isFinite(next) ? next : null;
			if (armedMs !== null && armedMs < nowMs - alarmLateMs) armedMs = null;
			if (wanted === armedMs || (wanted !== null && armedMs !== null && armedMs <= wanted)) return;
			void set(wanted);
		},
	};
}

export type FlushClock = {
	/** There is text to be committed. */
	readonly soon: () => void;
	/** Everything up to now is committed. */
	readonly committed: (nowMs: number) => void;
	/** A person reads along again: a turn or a presentation begins. */
	readonly begun: () => void;
};

/** A timer that comes late means a busy machine: flush less often, since writes while streaming cost the most. */
export function flushClock(deps: {
	now: () => number;
	later: (run: () => void, ms: number) => void;
	flush: () => void;
	crowd?: Crowd;
}): FlushClock {
	const crowd = deps.crowd ?? { untilMs: 0 };
	let scheduled = false;
	let waiting = false;
	let dueMs = 0;
	let lastMs = 0;
	let intervalMs: number = flushMs.least;
	let flushes = 0;
	const ring = () => {
		scheduled = false;
		const late = deps.now() - dueMs > flushMs.late;
		intervalMs = late ? Math.min(flushMs.most, intervalMs * 2) : Math.max(flushMs.least, intervalMs * 0.8);
		if (!waiting) return;
		flushes += 1;
		deps.flush();
	};
	const apartMs = () => Math.max(intervalMs, flushesApart.find(({ from }) => flushes >= from)?.ms ?? 0);
	return {
		begun: () => {
			flushes = 0;
		},
		committed: (nowMs) => {
			waiting = false;
			lastMs = nowMs;
		},
		soon: () => {
			waiting = true;
			if (scheduled) return;
			// The last commit was later than now where the clock was set back.
			const ownMs = Math.min(flushMs.most, Math.max(flushMs.first, lastMs + apartMs() - deps.now()));
			const waitMs = Math.max(ownMs, roomInMs(crowd, deps.now()));
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
 * bring something at this very moment, as they do where all answers come in one go, and never for one that is silent. The
 * last one does not wait: even the shortest timer takes a millisecond.
 */
export function endingClock(deps: {
	now: () => number;
	later: (run: () => void, ms: number) => void;
	/** Whether calls are open that have not ended. */
	others: () => boolean;
	end: () => void;
}): EndingClock {
	/** What the timer that is set will do; null while nothing waits. */
	let waiting: (() => void) | null = null;
	let heard = false;
	let untilMs = 0;
	const end = () => {
		waiting = null;
		deps.end();
	};
	const wait = (ms: number) => {
		const ring = () => {
			// The last call to end has ended all the others with it.
			if (waiting !== ring) return;
			if (!heard || !deps.others() || deps.now() >= untilMs) return end();
			heard = false;
			wait(endingMs.step);
		};
		waiting = ring;
		deps.later(ring, ms);
	};
	return {
		heard: () => {
			heard = true;
		},
		soon: () => {
			heard = true;
			if (!deps.others()) return end();
			if (waiting !== null) return;
			untilMs = deps.now() + endingMs.most;
			wait(0);
		},
	};
}
