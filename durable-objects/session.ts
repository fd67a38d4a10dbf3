import { unreachable } from "../src/std/assert.ts";
import { DurableObject } from "cloudflare:workers";
import type { NewFile } from "../src/consensus/events.ts";
import type { AgentId } from "../src/consensus/team.ts";
import type { Command, Refusal } from "../src/consensus/commands.ts";
import type { Env } from "../src/env.ts";
import type { Accepted, SessionRpc, SessionStatus, SteerCommand, TenantRpc, Underway } from "./rpc.ts";
import { receiptOf } from "../src/consensus/receipt.ts";
import { wholeLog } from "./log.ts";
import { makeRunner, type Runner, type RunnerDeps } from "./runner.ts";
import { closeSockets, openSockets, type Sockets } from "./sockets.ts";
import { openStore, type Store } from "./store.ts";
import { statusOf, summaryOf, underwayOf } from "./summary.ts";
import { makeWatchers, watchersMax } from "./watchers.ts";

/** What the composition root supplies: everything a session needs and may not import. */
export type SessionParts = Pick<RunnerDeps, "open" | "priceOf" | "savedOf" | "runtime" | "crashed"> & {
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

	constructor(state: DurableObjectState, env: Env, parts: SessionParts) {
		super(state, env);
		this.#parts = parts;
	}

	async open({ team, question, attachments = [] }: Parameters<SessionRpc["open"]>[0]): Promise<Accepted> {
		const { store, runner } = this.#live();
		if (store.state().status === "open") return { ok: true };
		const seed = Math.floor(this.#parts.runtime.random() * 2 ** 31);
		return accepted(runner.submit({ type: "open", team, seed, question, attachments }));
	}

	async summary() {
		const { store, runner } = this.#live();
		const state = store.state();
		if (state.status === "empty") return null;
		const underway = underwayOf(state, { calls: runner.calls(), pace: this.#parts.pace() });
		return { ...summaryOf(this.#id(), state, store.account()), ...underway };
	}

	async receipt({ limit, after }: Parameters<SessionRpc["receipt"]>[0]) {
		if (this.#live().store.state().status === "empty") return null;
		const receipt = receiptOf(wholeLog(this.ctx.storage.sql));
		const end = after + limit;
		const cursor = end < receipt.calls.length ? String(end) : null;
		return { id: this.#id(), ...receipt, calls: receipt.calls.slice(after, end), cursor };
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
		const wired = this.#wired;
		this.#wired = null;
		this.#told = "running";
		wired?.runner.stop();
		await this.ctx.storage.deleteAll();
		wired?.watchers.close();
		// An object that slept until now has sockets all the same.
		closeSockets(this.ctx);
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

	/** The session as it is read from its rows when it is first needed. */
	#live(): Wired {
		if (this.#wired !== null) return this.#wired;
		const wired = this.#wire();
		this.#wired = wired;
		this.#told = this.#status();
		wired.runner.resume();
		return wired;
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
			setAlarm: (dueMs) => void (dueMs === null ? storage.deleteAlarm() : storage.setAlarm(dueMs)),
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
		if (this.#telling) return;
		this.#telling = true;
		try {
			for (let status = this.#status(); status !== this.#told; status = this.#status()) {
				await this.#parts.tenant().touch(this.#id(), status);
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

function commandOf(steer: SteerCommand): Command {
	switch (steer.action) {
		case "note":
			return { type: "note", text: steer.text };
		case "drop_agent":
			return { type: "drop_agent", agent: steer.agent satisfies AgentId };
		case "budget":
			return { type: "budget", budget: steer.budget };
		case "answer_now":
		case "cancel":
		case "resume":
			return { type: steer.action };
		default:
			return unreachable(steer);
	}
}

function accepted(refusal: Refusal | null): Accepted {
	if (refusal === null) return { ok: true };
	const code =
		refusal.code === "unknown_agent" ? "bad_agent" : refusal.code === "not_open" ? "not_found" : "conflict";
	return { ok: false, code, detail: refusal.detail };
}
