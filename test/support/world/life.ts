/**
 * One machine that runs the session. A zombie has been superseded and does not know it: it reads, its timers and streams
 * go on, and none of its writes is taken. Of a dead one nothing is ever heard again.
 */
export type Life = { state: "alive" | "zombie" | "dead" };

/** What a process may do last. */
export type Step =
	/** A write of its own, or a transaction, is about to be durable, or has just become so. */
	| "write"
	| "written"
	/** The alarm is about to be set. */
	| "alarm"
	/** A request has left; no headers yet. */
	| "asked"
	/** A part of a reply has arrived and nobody has read it. */
	| "chunk"
	/** The reply has ended and nothing of that is written. */
	| "ended"
	/** The receiver has taken a delivery and nobody here knows. */
	| "delivered"
	/** Somebody takes up a call of the machine before. */
	| "resumed";

export type Steps = {
	/** Whether this machine died at this step; only one that is alive takes steps. */
	readonly dies: (life: Life, step: Step) => boolean;
	readonly taken: () => readonly Step[];
};

/** Counts the steps of a world; at those whose numbers (from 1) are given the machine dies. */
export function makeSteps(deaths: readonly number[], died: () => void): Steps {
	const taken: Step[] = [];
	return {
		taken: () => taken,
		dies: (life, step) => {
			if (life.state !== "alive") return false;
			taken.push(step);
			if (!deaths.includes(taken.length)) return false;
			life.state = "dead";
			died();
			return true;
		},
	};
}

/** What a dead machine waits for. */
export const never: Promise<never> = new Promise(() => {});
