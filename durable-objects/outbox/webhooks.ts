import { terminalEvents, type SessionEvent } from "../../src/consensus/events.ts";
import { taken } from "../run/disk.ts";
import { migrate } from "../store/migrations.ts";
import type { Outgoing } from "./outbox-rows.ts";
import type { Subscription } from "../rpc.ts";
import type { Database } from "../store/store.ts";

/** What a session knows of its tenant's webhooks: enough to say at a commit who is to be told, and no secret. */
export type Webhooks = {
	/** These are the tenant's from now on; false where the disk did not take it. */
	readonly learn: (subscriptions: readonly Subscription[]) => boolean;
	/** What these events, in the log from `firstSeq` on, send to whom. */
	readonly outgoing: (events: readonly SessionEvent[], from: Numbered) => readonly Outgoing[];
};

export type Numbered = { readonly firstSeq: number; readonly at: string };

const webhookSteps: readonly string[] = [
	"CREATE TABLE webhooks (name TEXT PRIMARY KEY, events TEXT NOT NULL) WITHOUT ROWID",
];

/** The webhooks that this session was told of. Its table is made with the first one. */
export function openWebhooks({ sql, transaction }: Database, session: string): Webhooks {
	let known = exists() ? read() : [];
	return {
		learn: (subscriptions) => {
			const next = subscriptions.map(({ name, events }) => ({ name, events: events ?? [...terminalEvents] }));
			if (JSON.stringify(next) === JSON.stringify(known)) return true;
			if (!taken(() => transaction(() => write(next)))) return false;
			known = next;
			return true;
		},
		outgoing: (events, { firstSeq, at }) => {
			if (known.length === 0) return [];
			return events.flatMap((event, i) => told({ seq: firstSeq + i, at, event }));
		},
	};

	function write(next: readonly Known[]): void {
		migrate(sql, { webhooks: webhookSteps });
		sql.exec("DELETE FROM webhooks");
		for (const { name, events } of next)
			sql.exec("INSERT INTO webhooks (name, events) VALUES (?, ?)", name, JSON.stringify(events));
	}

	function told({ seq, at, event }: { seq: number; at: string; event: SessionEvent }): readonly Outgoing[] {
		const { type } = event;
		const listeners = known.filter(({ events }) => events.includes(type));
		if (listeners.length === 0) return [];
		const payload = JSON.stringify({ type, timestamp: at, data: { session, seq, event: { seq, at, ...event } } });
		return listeners.map(({ name }) => ({
			key: `webhook:${name}:${seq}`,
			kind: "webhook",
			address: name,
			payload,
		}));
	}

	function exists(): boolean {
		return sql.exec<{ n: number }>("SELECT COUNT(*) AS n FROM sqlite_master WHERE name = 'webhooks'").one().n === 1;
	}

	/** Written above, so the parse is trusted. */
	function read(): Known[] {
		const rows = sql.exec<{ name: string; events: string }>("SELECT name, events FROM webhooks ORDER BY name");
		return rows.toArray().map(({ name, events }) => {
			const parsed: unknown = JSON.parse(events);
			return { name, events: parsed as readonly string[] };
		});
	}
}

type Known = { readonly name: string; readonly events: readonly string[] };
