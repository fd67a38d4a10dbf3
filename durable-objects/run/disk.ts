import { diskFault } from "../../src/std/disk-fault.ts";
import type { StorageState } from "../rpc.ts";

/** A disk that takes nothing is asked again after so long, doubling from the first to the most. */
export const retryMs = { first: 1_000, most: 30_000 } as const;

/** A command that could not be written: nothing has changed, and it may be sent again. */
export type Unwritten = { readonly code: "unwritten"; readonly detail: string };

/** What one object knows of its disk: whether the last write was taken, and when to try again what was not. */
export type Disk = {
	readonly state: () => StorageState;
	/** Whether it was written; false where the disk is at fault. Whatever else is wrong is thrown. */
	readonly write: (write: () => void) => boolean;
	/** A write was not taken: what waits is tried again after a while, for as long as it takes. */
	readonly failed: (error: unknown) => void;
	/** All that waited was tried; unless something of it failed anew, nothing waits to be written. */
	readonly nothingWaits: () => void;
};

/** `again` is run when what waits should be tried again, and at once when a write shows that the cause is gone. */
export function makeDisk(deps: {
	readonly now: () => number;
	readonly later: (run: () => void, ms: number) => void;
	readonly again: () => void;
}): Disk {
	let state: StorageState = { state: "ok" };
	/** In a row, without a write that was taken. */
	let tries = 0;
	let scheduled = false;
	const failed = (error: unknown) => {
		const detail = diskFault(error) ?? "A fault of ours: the platform's log has it.";
		const since = state.state === "failing" ? state.since : new Date(deps.now()).toISOString();
		state = { state: "failing", since, detail };
		if (scheduled) return;
		scheduled = true;
		deps.later(ring, Math.min(retryMs.most, retryMs.first * 2 ** Math.min(tries++, 10)));
	};
	const ring = () => {
		scheduled = false;
		if (state.state !== "failing") return;
		try {
			deps.again();
		} catch (error) {
			// Whatever it is now: as long as something waits it is tried again.
			failed(error);
		}
	};
	return {
		state: () => state,
		failed,
		nothingWaits: () => {
			if (!scheduled) state = { state: "ok" };
		},
		write: (write) => {
			try {
				write();
			} catch (error) {
				if (diskFault(error) === null) throw error;
				failed(error);
				return false;
			}
			const waited = state.state === "failing";
			state = { state: "ok" };
			tries = 0;
			if (waited) deps.later(deps.again, 0);
			return true;
		},
	};
}

/** What whoever sent a command is told. */
export const unwritten: Unwritten = {
	code: "unwritten",
	detail: "The session's storage takes no writes at the moment, so nothing was changed. Send it again a little later.",
};

/** Whether the disk took it; for what nobody has to try again. */
export function taken(write: () => void): boolean {
	try {
		write();
		return true;
	} catch (error) {
		if (diskFault(error) === null) throw error;
		return false;
	}
}
