import type { SessionStatus } from "../rpc.ts";

/** What sessions have told of themselves and nobody has written yet: several share a write, each is confirmed after it. */
export type Touches = {
	/** Resolves once it is written. */
	readonly add: (id: string, status: SessionStatus) => Promise<void>;
	/** Writes what waits. Whatever else reads or writes the register does so after it. */
	readonly write: () => void;
};

/** A status waits so long for others, or for the next look at the register. */
export const touchWaitMs = 100;
/** With so many of them nobody waits for more. */
export const touchesMax = 200;

type Touch = { readonly id: string; readonly status: SessionStatus };
type Confirmed = PromiseWithResolvers<void>;

/** None wait at first. */
export function makeTouches(deps: {
	/** All of them in one transaction, in their order. */
	readonly write: (touches: readonly Touch[]) => void;
	readonly later: (run: () => void, ms: number) => void;
}): Touches {
	let touches: Touch[] = [];
	let confirmed: Confirmed = Promise.withResolvers();
	let scheduled = false;
	const write = () => {
		if (touches.length === 0) return;
		const [writing, told] = [touches, confirmed];
		[touches, confirmed] = [[], Promise.withResolvers()];
		try {
			deps.write(writing);
			told.resolve();
		} catch (error) {
			// Each session is told, and comes again.
			told.reject(error);
		}
	};
	const ring = () => {
		scheduled = false;
		write();
	};
	return {
		write,
		add: async (id, status) => {
			touches.push({ id, status });
			const { promise } = confirmed;
			if (touches.length >= touchesMax) write();
			else if (!scheduled) {
				scheduled = true;
				deps.later(ring, touchWaitMs);
			}
			return promise;
		},
	};
}
