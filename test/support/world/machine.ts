import type { Outbox } from "../../../durable-objects/outbox/outbox.ts";
import type { Runner } from "../../../durable-objects/run/runner.ts";
import type { Store } from "../../../durable-objects/store/store.ts";
import type { Watchers } from "../../../durable-objects/show/watchers.ts";
import type { Webhooks } from "../../../durable-objects/outbox/webhooks.ts";
import { diskFault } from "../../../src/std/disk-fault.ts";
import { chanceOf } from "../simulation/chance.ts";
import type { Alarm } from "./alarm.ts";
import type { Breaches } from "./breaches.ts";
import type { Clock } from "./clock.ts";
import type { Code } from "./code.ts";
import type { Life, Steps } from "./life.ts";
import type { Provider } from "./provider.ts";
import type { Receiver } from "./receiver.ts";
import type { Setting } from "./setting.ts";
import { gone, superseded, type Disk } from "./storage.ts";

/** One incarnation of a session's object. */
export type Machine = {
	readonly life: Life;
	readonly store: Store;
	readonly runner: Runner;
	readonly outbox: Outbox;
	readonly webhooks: Webhooks;
	readonly watchers: Watchers;
};

/** What a machine stands on, and what outlives it. */
export type Ground = {
	readonly code: Code;
	readonly setting: Setting;
	readonly clock: Clock;
	readonly steps: Steps;
	readonly disk: Disk;
	readonly alarm: Alarm;
	readonly provider: Provider;
	readonly receiver: Receiver;
	readonly breaches: Breaches;
};

export const sessionId = "s1";

/** Wires a machine as `durable-objects/session.ts` does; nothing of it has begun. */
export function wire(ground: Ground, life: Life): Machine {
	const { code, setting, clock, disk, alarm, provider, receiver } = ground;
	const database = disk.of(life);
	const chance = chanceOf(setting.seed);
	const runtime = { now: clock.now, random: chance.next, newId: () => "id" };
	const crashed = (error: unknown) => ours(ground, life, error);
	const webhooks = code.openWebhooks(database, sessionId);
	const outbox = code.openOutbox({
		...database,
		runtime,
		name: sessionId,
		dead: "kept",
		deliver: { webhook: receiver.deliver(life) },
		sleep: (ms, signal) => clock.sleep(ms, life, signal),
		settled: () => runner.rearm(),
		crashed,
	});
	const store = code.openStore(database, clock.now(), (events, from) => outbox.put(webhooks.outgoing(events, from)));
	const watchers = code.makeWatchers(database.sql, () => 0);
	const runner = code.makeRunner({
		store,
		runtime,
		sessionId,
		open: provider.open(life),
		resume: provider.resume(life),
		giveUp: () => {},
		priceOf: () => 0.01,
		savedOf: () => null,
		setAlarm: (dueMs) => alarm.set(life, dueMs),
		later: (run, ms) => clock.after(ms, life, () => guarded(ground, life, run)),
		wakes: () => outbox.wakes(),
		committed: () => {
			// Until it is wired nobody watches it.
			watchers.wake(store.lastRows());
			outbox.kick();
		},
		crashed,
	});
	return { life, store, runner, outbox, webhooks, watchers };
}

/** Runs what a machine does; what it throws is a fault of ours, unless it is a machine's end. */
export function guarded(ground: Pick<Ground, "breaches">, life: Life, run: () => void): void {
	try {
		run();
	} catch (error) {
		ours(ground, life, error);
	}
}

/** Whether an error that came up is one that the world put there. */
function ours({ breaches }: Pick<Ground, "breaches">, life: Life, error: unknown): void {
	const message = error instanceof Error ? error.message : String(error);
	const injected = message === gone || message === superseded || diskFault(error) !== null;
	if (!injected && life.state === "alive")
		breaches.add("W13", error instanceof Error ? (error.stack ?? message) : message);
}
