import type { Clock } from "./clock.ts";
import type { Life } from "./life.ts";
import type { Machine } from "./machine.ts";

/** Somebody who reads the events, and comes back where the connection broke. */
export type Watcher = {
	/** Each event as it was told, in the order of its coming. */
	readonly lines: readonly string[];
	/** Reads on behind what it has, unless it reads. */
	readonly connect: () => void;
};

const backMs = 1_000;

/** `live`: the machine of the moment, waked for it; null where it died of that. */
export function makeWatcher({ clock, live }: { clock: Clock; live: () => Machine | null }): Watcher {
	const lines: string[] = [];
	let reading: Life | null = null;
	let next = 1;
	let coming = false;
	const connect = () => {
		if (reading !== null && reading.state !== "dead") return;
		const machine = live();
		if (machine === null || machine.store.state().status === "empty") {
			reading = null;
			if (!coming)
				clock.after(backMs, null, () => {
					coming = false;
					connect();
				});
			coming = true;
			return;
		}
		reading = machine.life;
		void read(machine);
	};
	const read = async ({ life, watchers }: Machine) => {
		const decoder = new TextDecoder();
		for await (const bytes of watchers.open(next)) {
			// What a machine sent after its death never arrived.
			if (reading !== life || life.state === "dead") return;
			for (const [, line = ""] of decoder.decode(bytes).matchAll(/^data: (.*)$/gm)) {
				lines.push(line);
				next = Number(/^\{"seq":(\d+)/.exec(line)?.[1]) + 1;
			}
		}
		if (reading === life) reading = null;
	};
	return { lines, connect };
}
