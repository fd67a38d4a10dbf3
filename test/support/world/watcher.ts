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

type Doors = {
	readonly clock: Clock;
	/** The machine of the moment, waked for it; null where it died of that. */
	readonly live: () => Machine | null;
	/** The connection breaks each time it has brought so many events, wherever that is; null: it holds. */
	readonly breaksAfter: number | null;
};

export function makeWatcher({ clock, live, breaksAfter }: Doors): Watcher {
	const lines: string[] = [];
	let reading: Life | null = null;
	let next = 1;
	let coming = false;
	const connect = () => {
		if (reading !== null && reading.state !== "dead") return;
		const machine = live();
		if (machine === null || machine.store.state().status === "empty") {
			reading = null;
			return comeBack();
		}
		reading = machine.life;
		void read(machine);
	};
	const comeBack = () => {
		if (!coming)
			clock.after(backMs, null, () => {
				coming = false;
				connect();
			});
		coming = true;
	};
	const read = async ({ life, watchers }: Machine) => {
		const decoder = new TextDecoder();
		let left = breaksAfter ?? Number.POSITIVE_INFINITY;
		for await (const bytes of watchers.open(next)) {
			// What a machine sent after its death never arrived.
			if (reading !== life || life.state === "dead") return;
			for (const [, line = ""] of decoder.decode(bytes).matchAll(/^data: (.*)$/gm)) {
				lines.push(line);
				next = Number(/^\{"seq":(\d+)/.exec(line)?.[1]) + 1;
				if (--left > 0) continue;
				reading = null;
				return comeBack();
			}
		}
		if (reading === life) reading = null;
	};
	return { lines, connect };
}
