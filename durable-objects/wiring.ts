import { recentNames, type RecentNames } from "../src/std/recent-names.ts";
import { heartbeatMs, type Crowd } from "./run/clocks.ts";
import { openOutbox, type Outbox, type OutboxDeps } from "./outbox/outbox.ts";
import type { SessionStatus, TenantRpc, Underway } from "./rpc.ts";
import type { RunnerDeps } from "./run/run.ts";
import { makeRunner, type Runner } from "./run/runner.ts";
import { openSockets, type Sockets } from "./show/sockets.ts";
import { openKeysTold, type KeysTold } from "./store/keys.ts";
import { openStore, type Database, type Store } from "./store/store.ts";
import { endedSharesMax } from "./show/shared.ts";
import { statusOf } from "./show/summary.ts";
import { makeTelling, type Telling } from "./show/telling.ts";
import { makeWatchers } from "./show/watchers.ts";
import { openChats, type Chats } from "./outbox/chats.ts";
import { openWebhooks, type Webhooks } from "./outbox/webhooks.ts";

/** What the composition root supplies: everything a session needs and may not import. */
export type SessionParts = Pick<
	RunnerDeps,
	"open" | "resume" | "giveUp" | "priceOf" | "savedOf" | "runtime" | "crashed"
> & {
	readonly tenant: () => TenantRpc;
	readonly pace: () => Underway["pace"];
	/** Reads the keys that the tenant stores unless they are known in this version, or a later one. */
	readonly knowKeys: (version: number) => Promise<void>;
} & Pick<OutboxDeps, "deliver" | "sleep">;

/** A session as it was read from its rows, with all that performs it. */
export type Wired = {
	readonly store: Store;
	readonly runner: Runner;
	readonly outbox: Outbox;
	readonly webhooks: Webhooks;
	readonly chats: Chats;
	readonly telling: Telling;
	readonly watchers: ReturnType<typeof makeWatchers>;
	readonly sockets: Sockets;
	readonly endedShares: RecentNames;
	readonly keysTold: KeysTold;
};

/** `current`: what the object is wired to right now; null once the session is deleted. */
type Place = { readonly id: string; readonly current: () => Wired | null };

/** Reads the session and wires its parts to the platform; nothing starts yet. */
export function wire(ctx: DurableObjectState, parts: SessionParts, { id, current }: Place): Wired {
	const { storage } = ctx;
	const { runtime, tenant, crashed } = parts;
	const database: Database = { sql: storage.sql, transaction: (write) => storage.transactionSync(write) };
	const settled = () => current()?.runner.rearm();
	const webhooks = openWebhooks(database, id);
	const chats = openChats(database, id);
	const keysTold = openKeysTold(database);
	const outbox = openOutbox({ ...parts, ...database, name: id, dead: "kept", settled });
	const store = openStore(database, runtime.now(), (events, from) => {
		const turn = store.account().turns.length;
		outbox.put([...webhooks.outgoing(events, from), ...chats.outgoing(events, { turn, ...from })]);
	});
	const touch = (status: SessionStatus) => tenant().touch(id, status);
	const telling = makeTelling({ status: () => statusIn(store), touch, settled, crashed });
	const runner = makeRunner({
		...parts,
		store,
		sessionId: id,
		setAlarm: (dueMs) => (dueMs === null ? storage.deleteAlarm() : storage.setAlarm(dueMs)),
		later,
		crowd,
		committed: () => committed(current()),
		wakes: () => [...(telling.owes() ? [runtime.now() + heartbeatMs] : []), ...outbox.wakes()],
	});
	const { sql } = storage;
	const watchers = makeWatchers(sql, runtime.now);
	const sockets = openSockets(ctx, { sql, later, now: runtime.now });
	const watched = { watchers, sockets, endedShares: recentNames(endedSharesMax) };
	return { store, runner, outbox, webhooks, chats, keysTold, telling, ...watched };
}

/** A session that was never opened runs as far as anybody knows: nobody has to be told otherwise. */
export function statusIn(store: Store): SessionStatus {
	return statusOf(store.state(), store.account());
}

/** The number of the turn that a message of now becomes: queued ones come before it. */
export function nextTurn(store: Store): number {
	const state = store.state();
	return store.account().turns.length + (state.status === "open" ? state.queue.length : 0) + 1;
}

/** Watchers come first: third parties and the index may learn of it a little later. */
function committed(wired: Wired | null): void {
	if (wired === null) return;
	const { watchers, sockets, store, outbox, telling } = wired;
	watchers.wake(store.lastRows());
	sockets.send(store.account().lastSeq);
	outbox.kick();
	if (telling.owes()) setTimeout(() => void telling.tell(), tellAfterMs);
}

const tellAfterMs = 20;

/** All sessions that one isolate holds. */
const crowd: Crowd = { untilMs: 0 };

const later = (run: () => void, ms: number): void => void setTimeout(run, ms);
