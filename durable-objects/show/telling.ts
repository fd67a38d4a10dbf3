import type { SessionStatus } from "../rpc.ts";

/** Keeps the tenant's index of sessions up to date with one of them. */
export type Telling = {
	/** Whether the index does not know yet how the session stands. */
	readonly owes: () => boolean;
	/** Tells it until it knows. Never throws: until then the alarm stays armed, so also a crash does not leave it wrong. */
	readonly tell: () => Promise<void>;
	/** As far as this machine knows the index has been told of nothing but the start. */
	readonly doubt: () => void;
	/** The session is deleted: of the next one of that name nothing was told. */
	readonly stop: () => void;
};

/** `told`: how the session stood when it was read, which the machine before has told or is waked for. */
export function makeTelling(deps: {
	readonly status: () => SessionStatus;
	readonly touch: (status: SessionStatus) => Promise<void>;
	/** The index knows: the alarm may be let go. */
	readonly settled: () => void;
	readonly crashed: (error: unknown) => void;
}): Telling {
	let told = deps.status();
	let telling = false;
	let stopped = false;
	const owes = () => !stopped && deps.status() !== told;
	return {
		owes,
		doubt: () => {
			told = "running";
		},
		stop: () => {
			stopped = true;
		},
		tell: async () => {
			if (telling || stopped) return;
			telling = true;
			try {
				while (owes()) {
					const status = deps.status();
					await deps.touch(status);
					told = status;
				}
				if (!stopped) deps.settled();
			} catch (error) {
				deps.crashed(error);
			} finally {
				telling = false;
			}
		},
	};
}
