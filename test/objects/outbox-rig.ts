import {
	openOutbox,
	type Deliver,
	type Delivered,
	type Delivery,
	type Outbox,
	type OutboxDeps,
} from "../../durable-objects/outbox/outbox.ts";
import type { Outgoing } from "../../durable-objects/outbox/outbox-rows.ts";
import { manualClock } from "../support/manual-clock.ts";
import { sqlStorage, transactionOn } from "../support/sql.ts";

const startMs = Date.UTC(2026, 0, 1);
export const at = (ms: number) => new Date(startMs + ms).toISOString();

export type Box = {
	readonly sql: SqlStorage;
	readonly outbox: Outbox;
	/** Each try: when it began, and what was sent. */
	readonly tries: readonly (Delivery & { readonly atMs: number })[];
	readonly crashes: readonly unknown[];
	readonly settled: () => number;
	/** Moves the clock on; the outbox is kicked whenever the object would wake for it. */
	readonly pass: (ms: number) => Promise<void>;
	readonly wakesInMs: () => readonly number[];
	readonly rows: (columns: string) => readonly unknown[];
};

type BoxOptions = { readonly sql: SqlStorage; readonly fromMs: number; readonly dead: OutboxDeps["dead"] };

/** An outbox on a database in memory whose target answers as told. A second one on the same `sql` is a restart. */
export function box(
	deliver: Deliver,
	{ sql = sqlStorage(), fromMs = 0, dead = "kept" }: Partial<BoxOptions> = {},
): Box {
	const clock = manualClock(startMs + fromMs);
	const tries: (Delivery & { atMs: number })[] = [];
	const crashes: unknown[] = [];
	let settled = 0;
	const told: Deliver = (delivery, signal) => {
		tries.push({ ...delivery, atMs: clock.now() - startMs });
		return deliver(delivery, signal);
	};
	const outbox = openOutbox({
		sql,
		transaction: transactionOn(sql),
		runtime: { now: clock.now, random: () => 1 },
		name: "s1",
		dead,
		deliver: { chat: told, page: told },
		sleep: clock.sleep,
		settled: () => void (settled += 1),
		crashed: (error) => void crashes.push(error),
	});
	const pass = async (ms: number) => {
		const untilMs = clock.now() + ms;
		await clock.pass(0);
		for (let rings = 0; rings < 5000; rings++) {
			const next = Math.min(...outbox.wakes());
			if (next > untilMs) break;
			await clock.pass(next - clock.now());
			outbox.kick();
			await clock.pass(0);
		}
		await clock.pass(untilMs - clock.now());
	};
	return {
		sql,
		outbox,
		tries,
		crashes,
		settled: () => settled,
		pass,
		wakesInMs: () => outbox.wakes().map((ms) => ms - startMs),
		rows: (columns) => sql.exec(`SELECT ${columns} FROM outbox ORDER BY position`).toArray(),
	};
}

export const takes: Deliver = async () => ({ outcome: "sent" });
export const never: Deliver = () => new Promise(() => {});
export const fails: Deliver = async () => ({ outcome: "retry", afterMs: null, reason: "it answered 500" });

/** Answers with each of these in turn, and takes everything after them. */
export function answers(...each: readonly Delivered[]): Deliver {
	let next = 0;
	return async () => each[next++] ?? { outcome: "sent" };
}

export const message = (key: string, payload = key, address = "a"): Outgoing => ({
	key,
	kind: "chat",
	address,
	payload,
});

/** Puts them, and sends what is due. */
export function send(to: Box, ...outgoing: readonly Outgoing[]): void {
	to.outbox.put(outgoing);
	to.outbox.kick();
}
