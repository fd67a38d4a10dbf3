/** What must hold of a world in which everything may fail. */
export const worldInvariants = {
	W1: "P15: each turn has one winner and one answer, the same as without faults where the models' answers are the same",
	W2: "P15: what is committed is never lost, changed or told twice: each log is the beginning of the next",
	W3: "P15: sequence numbers have no gaps",
	W4: "P15: a request leaves only once its row is in the ledger, and once for each row",
	W5: "P15: a step is paid for at most once more for each loss, and only what a machine took with it is lost",
	W6: "P15: nothing is paid for again that the provider still has and the ledger knew of",
	W7: "P9: what was really asked stays within the budget",
	W8: "P15: a watcher that resumes by sequence number sees each event exactly once",
	W9: "P15: each webhook's event arrives at least once, always under one id of its own",
	W10: "P15: it arrives exactly once where nothing came between its arrival and the note of it",
	W11: "P9: every deadline expires, also over a crash",
	W12: "P9: the session comes to rest within a bounded time",
	W13: "P15: no fault brings out a fault of ours",
	W14: "P15: at rest no call is open in the ledger and no deadline runs",
	W15: "P15: what the log holds of a reply is what its model said, from the beginning and each piece once",
	W16: "P15: a reply that came to its end on a machine that lives on counts, however long the disk takes nothing",
} as const satisfies Record<string, string>;

export type WorldInvariant = keyof typeof worldInvariants;
export type WorldBreach = { readonly invariant: WorldInvariant; readonly detail: string };

/** Kept, not thrown: the code under test would catch it. */
export type Breaches = {
	readonly add: (invariant: WorldInvariant, detail: string) => void;
	readonly hold: (condition: boolean, invariant: WorldInvariant, detail: string) => void;
	readonly first: () => WorldBreach | null;
};

export function makeBreaches(): Breaches {
	let first: WorldBreach | null = null;
	const add: Breaches["add"] = (invariant, detail) => {
		first ??= { invariant, detail };
	};
	return {
		add,
		hold: (condition, ...breach) => {
			if (!condition) add(...breach);
		},
		first: () => first,
	};
}
