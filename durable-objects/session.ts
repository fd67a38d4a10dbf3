import { DurableObject } from "cloudflare:workers";
import type { Env } from "../src/env.ts";
import { accepted } from "./accepted.ts";
import { isHopeless } from "./boots.ts";
import { heartbeatMs } from "./clocks.ts";
import { openOutbox, type Outbox, type OutboxDeps } from "./outbox.ts";
import type { Accepted, SessionRpc, SessionStatus, SteerCommand, TenantRpc, Underway } from "./rpc.ts";
import type { RunnerDeps } from "./run.ts";
import { makeRunner, type Runner } from "./runner.ts";
import { closeSockets, openSockets, type Sockets } from "./sockets.ts";
import { commandOf } from "./steering.ts";
import { openStore, type Database, type Store } from "./store.ts";
import { statusOf, summaryOf, underwayOf } from "./summary.ts";
import { makeTelling, type Telling } from "./telling.ts";
import { makeWatchers, startOf, watchersMax } from "./watchers.ts";
import { openWebhooks, type Webhooks } from "./webhooks.ts";

/** What the composition root supplies: everything a session needs and may not import. */
export type SessionParts = Pick<
	RunnerDeps,
	"open" | "resume" | "giveUp" | "priceOf" | "savedOf" | "runtime" | "crashed"
> & {
	readonly tenant: () => TenantRpc;
	readonly pace: () => Underway["pace"];
} & Pick<OutboxDeps, "deliver" | "sleep">;

/** One session: wires log, runner and watchers to the platform. What happens is decided in `src/consensus`. */
export class SessionObject extends DurableObject<Env> implements SessionRpc {
	readonly #parts: SessionParts;
	#wired: Wired | null = null;
	/** Its row was there and is gone: what is opened now could be neither found nor deleted. */
	#deletedUnopened = false;

	constructor(state: DurableObjectState, env: Env, parts: SessionParts) {
		super(state, env);
		this.#parts = parts;
	}

	async open({ team, question, ...told }: Parameters<SessionRpc["open"]>[0]): Promise<Accepted> {
		if (this.#deletedUnopened) {
			this.#deletedUnopened = false;
			return { ok: false, code: "not_found", detail: "The session was deleted before it was opened." };
		}
		const { attachments = [], webhooks: subscriptions = [] } = told;
		const { store, runner, webhooks } = this.#live();
		if (store.state().status === "open") return { ok: true };
		webhooks.learn(subscriptions);
		const seed = Math.floor(this.#parts.runtime.random() * 2 ** 31);
		return accepted(runner.submit({ type: "open", team, seed, question, attachments }));
	}

	async summary() {
		const { store, runner, outbox } = this.#live();
		const state = store.state();
		if (state.status === "empty") return null;
		const known = { calls: runner.calls(), pace: this.#parts.pace(), storage: runner.storage() };
		const deliveries = outbox.deliveries();
		const beside = { ...underwayOf(state, known), ...(deliveries && { deliveries }) };
		return { ...summaryOf(this.#id(), state, store.account()), ...beside };
	}

	async send(...[message, attachments = [], subscriptions = []]: Parameters<SessionRpc["send"]>): Promise<Accepted> {
		const { store, runner, webhooks } = this.#live();
		if (store.state().status === "open") webhooks.learn(subscriptions);
		return accepted(runner.submit({ type: "message", text: message, attachments }));
	}

	async file(file: string) {
		return this.#live().store.fileOf(file);
	}

	async steer(command: SteerCommand): Promise<Accepted> {
		return accepted(this.#live().runner.submit(commandOf(command)));
	}

	async redeliver(id: string): Promise<Accepted> {
		const { runner, outbox } = this.#live();
		if (!outbox.redeliver(id)) return { ok: false, code: "not_found", detail: "There is no such dead delivery." };
		runner.rearm();
		outbox.kick();
		return { ok: true };
	}

	/** Needs nothing of what is stored: also a session that cannot be read any more can be deleted. */
	async destroy(): Promise<void> {
		const wired = this.#wired ?? this.#readable();
		this.#deletedUnopened = wired === null ? !this.#hasTables() : wired.store.state().status === "empty";
		this.#wired = null;
		wired?.runner.stop();
		wired?.outbox.stop();
		wired?.telling.stop();
		wired?.watchers.close();
		// An object that slept until now has sockets all the same.
		closeSockets(this.ctx);
		// Whatever else is asked meanwhile waits: it would read rows that are about to go, and go on with them.
		const fault = await this.ctx.blockConcurrencyWhile(() => this.#emptied());
		if (fault !== null) throw fault;
	}

	#hasTables(): boolean {
		const query = "SELECT COUNT(*) AS n FROM sqlite_master WHERE name = 'log'";
		return this.ctx.storage.sql.exec<{ n: number }>(query).one().n > 0;
	}

	/** What kept it from being emptied, as a value: an error in here would cost the object itself. */
	async #emptied(): Promise<Error | null> {
		try {
			await this.ctx.storage.deleteAll();
			return null;
		} catch (error) {
			// It is still there, and may have had work to do.
			await this.#wakeLater();
			return error instanceof Error ? error : new Error(String(error));
		}
	}

	override async fetch(request: Request): Promise<Response> {
		const { store, watchers, sockets } = this.#live();
		if (store.state().status === "empty") return new Response("There is no such session.", { status: 404 });
		const seq = startOf(request);
		if (request.headers.get("upgrade")?.toLowerCase() === "websocket") return sockets.accept(seq);
		if (watchers.count() >= watchersMax)
			return new Response(`At most ${watchersMax} watchers at once.`, { status: 503 });
		const headers = { "content-type": "text/event-stream", "cache-control": "no-store", "x-accel-buffering": "no" };
		return new Response(watchers.open(seq), { headers });
	}

	override async alarm(): Promise<void> {
		const waking = this.#wired === null;
		if (waking && isHopeless(this.ctx.storage.sql)) return;
		// A session that cannot be read now may be later: only where not even that can be noted the platform has to try again.
		if (waking && this.#unreadable()) return this.#wakeLater();
		const { runner, watchers, store, outbox, telling } = this.#live();
		// An alarm that wakes a session at rest may have been kept because the index had not been told yet.
		if (waking && statusIn(store) !== "running") telling.doubt();
		if (store.state().status === "empty") return;
		runner.alarm();
		outbox.kick();
		watchers.beat();
		await telling.tell();
	}

	/** Watchers only send `ping`, which is answered without waking the object. */
	override async webSocketMessage(): Promise<void> {}

	override async webSocketClose(socket: WebSocket, code: number): Promise<void> {
		// 1005 and 1006 say that no code was received: they must not be sent.
		socket.close(code === 1005 || code === 1006 ? 1000 : code);
	}

	#unreadable(): boolean {
		try {
			this.#live();
			return false;
		} catch (error) {
			this.#parts.crashed(error);
			return true;
		}
	}

	async #wakeLater(): Promise<void> {
		await this.ctx.storage.setAlarm(this.#parts.runtime.now() + heartbeatMs);
	}

	/** The session as it is read from its rows when it is first needed. Any later look at it does what a lost alarm has not. */
	#live(): Wired {
		if (this.#wired !== null) {
			this.#wired.runner.sweep();
			return this.#wired;
		}
		const wired = this.#wire();
		this.#wired = wired;
		wired.runner.resume();
		wired.outbox.kick();
		return wired;
	}

	/** As far as it can be read: calls that it left open at a provider are to be ended with it. */
	#readable(): Wired | null {
		try {
			return this.#wire();
		} catch (error) {
			this.#parts.crashed(error);
			return null;
		}
	}

	#wire(): Wired {
		const { storage } = this.ctx;
		const { runtime, tenant, crashed } = this.#parts;
		const database: Database = {
			sql: storage.sql,
			transaction: (write) => storage.transactionSync(write),
		};
		const settled = () => this.#wired?.runner.rearm();
		const webhooks = openWebhooks(database, this.#id());
		const outbox = openOutbox({ ...this.#parts, ...database, name: this.#id(), settled });
		const store = openStore(database, runtime.now(), (events, from) => outbox.put(webhooks.outgoing(events, from)));
		const telling = makeTelling({
			status: () => statusIn(store),
			touch: (status) => tenant().touch(this.#id(), status),
			settled,
			crashed,
		});
		const runner = makeRunner({
			...this.#parts,
			store,
			sessionId: this.#id(),
			setAlarm: (dueMs) => (dueMs === null ? storage.deleteAlarm() : storage.setAlarm(dueMs)),
			later: (run, ms) => void setTimeout(run, ms),
			committed: () => this.#committed(),
			wakes: () => [...(telling.owes() ? [runtime.now() + heartbeatMs] : []), ...outbox.wakes()],
		});
		const watched = { watchers: makeWatchers(storage.sql), sockets: openSockets(this.ctx, storage.sql) };
		return { store, runner, outbox, webhooks, telling, ...watched };
	}

	/** The object's name is the session's id. */
	#id(): string {
		return this.ctx.id.name ?? this.ctx.id.toString();
	}

	#committed(): void {
		if (this.#wired === null) return;
		const { watchers, sockets, store, outbox, telling } = this.#wired;
		watchers.wake(store.lastRows());
		sockets.send(store.account().lastSeq);
		// Watchers come first: third parties and the index may learn of it a little later.
		outbox.kick();
		if (telling.owes()) setTimeout(() => void telling.tell(), tellAfterMs);
	}
}

const tellAfterMs = 20;

type Wired = {
	readonly store: Store;
	readonly runner: Runner;
	readonly outbox: Outbox;
	readonly webhooks: Webhooks;
	readonly telling: Telling;
	readonly watchers: ReturnType<typeof makeWatchers>;
	readonly sockets: Sockets;
};

/** A session that was never opened runs as far as anybody knows: nobody has to be told otherwise. */
function statusIn(store: Store): SessionStatus {
	return statusOf(store.state(), store.account());
}
