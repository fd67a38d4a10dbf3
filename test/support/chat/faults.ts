import type { Reply } from "./loopback.ts";

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
