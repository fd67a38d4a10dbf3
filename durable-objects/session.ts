import { DurableObject } from "cloudflare:workers";
import type { NewFile } from "../src/consensus/events.ts";
import type { Env } from "../src/env.ts";
import { accepted } from "./accepted.ts";
import { heartbeatMs } from "./clocks.ts";
import type { Accepted, SessionRpc, SessionStatus, SteerCommand, TenantRpc, Underway } from "./rpc.ts";
import type { RunnerDeps } from "./run.ts";
import { makeRunner, type Runner } from "./runner.ts";
import { isHopeless } from "./boots.ts";
import { closeSockets, openSockets, type Sockets } from "./sockets.ts";
import { commandOf } from "./steering.ts";
import { openStore, type Store } from "./store.ts";
import { statusOf, summaryOf, underwayOf } from "./summary.ts";
import { makeWatchers, watchersMax } from "./watchers.ts";

/** What the composition root supplies: everything a session needs and may not import. */
export type SessionParts = Pick<
	RunnerDeps,
	"open" | "resume" | "giveUp" | "priceOf" | "savedOf" | "runtime" | "crashed"
> & {
	readonly tenant: () => TenantRpc;
	readonly pace: () => Underway["pace"];
};

/** One session: wires log, runner and watchers to the platform. What happens is decided in `src/consensus`. */
export class SessionObject extends DurableObject<Env> implements SessionRpc {
	readonly #parts: SessionParts;
	#wired: Wired | null = null;
	/** What the index of sessions was told last, as far as this machine knows. */
	#told: SessionStatus = "running";
	#telling = false;
	/** Its row was there and is gone: what is opened now could be neither found nor deleted. */
	#deletedUnopened = false;

	constructor(state: DurableObjectState, env: Env, parts: SessionParts) {
		super(state, env);
		this.#parts = parts;
	}

	async open({ team, question, attachments = [] }: Parameters<SessionRpc["open"]>[0]): Promise<Accepted> {
		if (this.#deletedUnopened) {
			this.#deletedUnopened = false;
			return { ok: false, code: "not_found", detail: "The session was deleted before it was opened." };
		}
		const { store, runner } = this.#live();
		if (store.state().status === "open") return { ok: true };
		const seed = Math.floor(this.#parts.runtime.random() * 2 ** 31);
		return accepted(runner.submit({ type: "open", team, seed, question, attachments }));
	}

	async summary() {
		const { store, runner } = this.#live();
		const state = store.state();
		if (state.status === "empty") return null;
		const known = { calls: runner.calls(), pace: this.#parts.pace(), storage: runner.storage() };
		const underway = underwayOf(state, known);
		return { ...summaryOf(this.#id(), state, store.account()), ...underway };
	}

	async send(message: string, attachments: readonly NewFile[] = []): Promise<Accepted> {
		return accepted(this.#live().runner.submit({ type: "message", text: message, attachments }));
	}

	async file(file: string) {
		return this.#live().store.fileOf(file);
	}

	async steer(command: SteerCommand): Promise<Accepted> {
		return accepted(this.#live().runner.submit(commandOf(command)));
	}

	/** Needs nothing of what is stored: also a session that cannot be read any more can be deleted. */
	async destroy(): Promise<void> {
		const wired = this.#wired ?? this.#readable();
		this.#deletedUnopened = wired === null ? !this.#hasTables() : wired.store.state().status === "empty";
		this.#wired = null;
		this.#told = "running";
		wired?.runner.stop();
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
		const { runner, watchers, store } = this.#live();
		// An alarm that wakes a session at rest was kept because the index had not been told yet.
		if (waking && this.#status() !== "running") this.#told = "running";
		if (store.state().status === "empty") return;
		runner.alarm();
		watchers.beat();
		await this.#tell();
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
		this.#told = this.#status();
		wired.runner.resume();
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
		const { runtime } = this.#parts;
		const store = openStore(
			{ sql: storage.sql, transaction: (write) => storage.transactionSync(write) },
			runtime.now(),
		);
		const runner = makeRunner({
			...this.#parts,
			store,
			sessionId: this.#id(),
			setAlarm: (dueMs) => (dueMs === null ? storage.deleteAlarm() : storage.setAlarm(dueMs)),
			later: (run, ms) => void setTimeout(run, ms),
			committed: () => this.#committed(),
			waiting: () => this.#status() !== this.#told,
		});
		return { store, runner, watchers: makeWatchers(storage.sql), sockets: openSockets(this.ctx, storage.sql) };
	}

	/** The object's name is the session's id. */
	#id(): string {
		return this.ctx.id.name ?? this.ctx.id.toString();
	}

	/** A session that was never opened runs as far as anybody knows: nobody has to be told otherwise. */
	#status(): SessionStatus {
		return this.#wired === null ? "running" : statusOf(this.#wired.store.state(), this.#wired.store.account());
	}

	#committed(): void {
		if (this.#wired === null) return;
		const { watchers, sockets, store } = this.#wired;
		watchers.wake(store.lastRows());
		sockets.send(store.account().lastSeq);
		// Watchers come first: the index may learn of it a little later.
		if (this.#status() !== this.#told) setTimeout(() => void this.#tell(), tellAfterMs);
	}

	/** Until the index of sessions has been told, the alarm stays armed: also a crash right here does not leave it wrong. */
	async #tell(): Promise<void> {
		const wired = this.#wired;
		if (this.#telling || wired === null) return;
		this.#telling = true;
		try {
			for (let status = this.#status(); status !== this.#told; status = this.#status()) {
				await this.#parts.tenant().touch(this.#id(), status);
				// It may have been deleted meanwhile; of the next one of that name nothing was told.
				if (this.#wired !== wired) break;
				this.#told = status;
			}
			this.#wired?.runner.rearm();
		} catch (error) {
			this.#parts.crashed(error);
		} finally {
			this.#telling = false;
		}
	}
}

const tellAfterMs = 20;

type Wired = {
	readonly store: Store;
	readonly runner: Runner;
	readonly watchers: ReturnType<typeof makeWatchers>;
	readonly sockets: Sockets;
};

/** `?from=N` starts at N, `Last-Event-ID: N` after N (the latter wins: it is what a browser sends on its own). */
function startOf(request: Request): number {
	const last = request.headers.get("last-event-id");
	if (last !== null && /^\d{1,15}$/.test(last)) return Number(last) + 1;
	const from = new URL(request.url).searchParams.get("from");
	return from !== null && /^\d{1,15}$/.test(from) ? Math.max(1, Number(from)) : 1;
}
