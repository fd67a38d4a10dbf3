import type { Deliver } from "../../../durable-objects/outbox/outbox.ts";
import type { Clock } from "./clock.ts";
import { never, type Life, type Steps } from "./life.ts";
import type { Setting } from "./setting.ts";

/** One delivery that arrived and was taken. */
export type Arrival = { readonly id: string; readonly webhook: string; readonly payload: string };

export type Receiver = {
	readonly deliver: (life: Life) => Deliver;
	readonly arrivals: readonly Arrival[];
	/** Ids that may arrive again: between their arrival and the note of it something came. */
	readonly doubtful: ReadonlySet<string>;
	/** A machine ended, or the disk took nothing: what was under way then is doubtful. */
	readonly doubt: () => void;
};

const latencyMs = 80;

/** Takes webhooks, or not, as the setting says. */
export function makeReceiver({ setting, clock, steps }: { setting: Setting; clock: Clock; steps: Steps }): Receiver {
	const arrivals: Arrival[] = [];
	const doubtful = new Set<string>();
	const underWay = new Set<string>();
	let number = 0;
	return {
		arrivals,
		doubtful,
		doubt: () => {
			for (const id of underWay) doubtful.add(id);
		},
		deliver:
			(life) =>
			async ({ id, address, payload }, signal) => {
				if (life.state === "dead") return never;
				const receipt = setting.faults.receipts(number++);
				await clock.sleep(latencyMs, life, signal);
				if (receipt === "fails") return { outcome: "retry", afterMs: null, reason: "it answered 500" };
				underWay.add(id);
				arrivals.push({ id, webhook: address, payload });
				if (receipt === "silent" || life.state !== "alive") doubtful.add(id);
				if (receipt === "silent") return never;
				if (steps.dies(life, "delivered")) {
					doubtful.add(id);
					return never;
				}
				await clock.sleep(latencyMs, life, signal);
				// Whoever sent it notes it at once.
				clock.after(1, null, () => underWay.delete(id));
				return { outcome: "sent" };
			},
	};
}
