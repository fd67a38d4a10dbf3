import type { Clock } from "./clock.ts";
import type { Life, Steps } from "./life.ts";
import { gone, superseded, type Disk } from "./storage.ts";
import type { Faults } from "./setting.ts";

/** The alarm of one object: on disk, so it outlives every machine. It follows the wall clock. */
export type Alarm = {
	/** Throws as storage does that takes no writes. */
	readonly set: (life: Life, dueMs: number | null) => void;
	/** When it rings (elapsed ms), with what is wrong with it; null where none is set, or it is lost. */
	readonly next: () => number | null;
	/** It rings: how many times. Unless it is set anew it is not set any more. */
	readonly rings: () => number;
	/** Its handler died: it rings again a little later. */
	readonly again: () => void;
};

export function makeAlarm(
	{ clock, steps, disk }: { clock: Clock; steps: Steps; disk: Disk },
	faults: Faults["alarms"],
): Alarm {
	let due: { readonly atMs: number; readonly times: number } | null = null;
	let number = 0;
	return {
		set: (life, dueMs) => {
			if (life.state === "dead") throw new Error(gone);
			if (life.state === "zombie") throw new Error(superseded);
			disk.check();
			if (steps.dies(life, "alarm")) throw new Error(gone);
			const { lateMs, times } = faults(number++);
			due = dueMs === null || times === 0 ? null : { atMs: dueMs + lateMs, times };
		},
		next: () => (due === null ? null : Math.max(clock.elapsedMs(), clock.elapsedMs() + due.atMs - clock.now())),
		rings: () => {
			const times = due?.times ?? 0;
			due = null;
			return times;
		},
		again: () => {
			due ??= { atMs: clock.now() + retryMs, times: 1 };
		},
	};
}

const retryMs = 2_000;
