import type { Answer, Reply } from "./loopback.ts";

/**
 * What goes wrong with one call. `hang`: nothing is done and nothing answered. `lost`: it is done, then the connection
 * breaks. `stuck`: it is done, and nothing is ever answered.
 */
export type Fault = Reply | "hang" | "lost" | "stuck";

export type Faults = {
	/** The next calls of this name (`*`: of any) fail so. */
	readonly failNext: (name: string, fault: Fault, times?: number) => void;
	readonly take: (name: string) => Fault | null;
};

/** Faults wait for their calls in the order they were scripted. */
export function scriptedFaults(): Faults {
	const waiting: { readonly name: string; readonly fault: Fault }[] = [];
	return {
		failNext: (name, fault, times = 1) => {
			for (let time = 0; time < times; time++) waiting.push({ name, fault });
		},
		take: (name) => {
			const at = waiting.findIndex((scripted) => scripted.name === name || scripted.name === "*");
			return at === -1 ? null : (waiting.splice(at, 1)[0]?.fault ?? null);
		},
	};
}

/** What comes of a call that meets this fault. `reply` is null if nothing was done for it. */
export type Met = { readonly reply: Reply | null; readonly answer: Answer };

/** Does the work, unless the fault forbids it, and says what the caller gets to see of it. */
export function meet(fault: Fault | null, work: () => Reply): Met {
	if (fault === "hang") return { reply: null, answer: "hang" };
	if (typeof fault === "object" && fault !== null) return { reply: fault, answer: fault };
	const reply = work();
	if (fault === null) return { reply, answer: reply };
	return { reply, answer: fault === "lost" ? "drop" : "hang" };
}
