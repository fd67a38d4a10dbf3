import type { Outcome } from "../../src/agent/request.ts";
import type { CallResult } from "../../src/agent/model-call.ts";
import type { Backend, CallStage, Resume, Usage } from "../../src/backends/backend.ts";
import type { CallId } from "../../src/consensus/events.ts";
import type { WantedCall } from "../../src/consensus/plan.ts";
import type { Runtime } from "../../src/std/runtime.ts";
import type { Orphan } from "../store/calls.ts";
import type { AlarmClock, EndingClock, FlushClock, Crowd } from "./clocks.ts";
import type { Disk } from "./disk.ts";
import type { Pending } from "../store/pending.ts";
import type { Points } from "../store/points.ts";
import type { Room } from "./room.ts";
import type { Store } from "../store/store.ts";

/** What a runner performs with. */
export type RunnerDeps = {
	readonly store: Store;
	readonly runtime: Runtime;
	readonly sessionId: string;
	readonly open: (spec: WantedCall["model"]) => Backend;
	/** Takes up a call that an earlier machine had sent; null where the provider keeps none. */
	readonly resume: (spec: WantedCall["model"]) => Resume | null;
	/** Tells a provider, once, that nobody waits for this answer any more. */
	readonly giveUp: (spec: WantedCall["model"], handle: string) => void;
	/** US dollars, or null where no price is known. */
	readonly priceOf: (spec: WantedCall["model"], usage: Usage) => number | null;
	/** US dollars that caches saved of it, or null where no price is known. */
	readonly savedOf: (spec: WantedCall["model"], usage: Usage) => number | null;
	/** Throws, or rejects, where it cannot be set. */
	readonly setAlarm: (dueMs: number | null) => void | Promise<void>;
	readonly later: (run: () => void, ms: number) => void;
	/** Whoever flushes on the same machine. */
	readonly crowd?: Crowd;
	/** Told after every commit. */
	readonly committed: () => void;
	/** When the object has to wake for what is none of the plan's: somebody has still to be told (ms since the epoch). */
	readonly wakes: () => readonly number[];
	/** Told of our own faults; the call that met one fails. */
	readonly crashed: (error: unknown) => void;
};

/** What a runner holds in memory, none of which a restart needs. */
export type Run = {
	readonly deps: RunnerDeps;
	readonly live: Map<CallId, Live>;
	/** What models said in rounds that go on. */
	readonly outcomes: Map<CallId, Outcome>;
	readonly pending: Pending;
	readonly points: Points;
	/** Decisions that have come, of calls whose end has not; as far as the next commit has to write them. */
	readonly partials: Map<CallId, Outcome | null>;
	/** Calls that were taken up from a machine before. */
	readonly takenUp: Map<CallId, Orphan>;
	/** Calls that ended and are about to be reported, or could not be yet: at most one for each open call. */
	readonly endings: Ending[];
	/** Calls that what is left under a cap does not pay for as long as others are open. */
	readonly held: Set<CallId>;
	readonly disk: Disk;
	readonly room: Room;
	readonly flush: FlushClock;
	readonly ending: EndingClock;
	readonly alarm: AlarmClock;
	/** The session is deleted: a timer that still runs must not write. */
	stopped: boolean;
	/** What a boot has to report of the machine before is written. */
	resumed: boolean;
};

/** `stage` changes with the call, in memory only: who asks is told, nobody is waked. */
export type Live = {
	readonly controller: AbortController;
	readonly agent: WantedCall["agent"];
	readonly sinceMs: number;
	stage: CallStage;
};

/** A call that is over here, as it will be reported. */
export type Ending = { readonly call: WantedCall; readonly result: CallResult };
