import { DurableObject } from "cloudflare:workers";
import type { AgentId, Team } from "../src/consensus/team.ts";
import type { Command, Refusal } from "../src/consensus/commands.ts";
import type { Env } from "../src/env.ts";
import type { Accepted, SessionRpc, SessionStatus, SteerCommand, TenantRpc } from "./rpc.ts";
import { heartbeatMs } from "./clocks.ts";
import { makeRunner, type Runner, type RunnerDeps } from "./runner.ts";
import { openSockets, type Sockets } from "./sockets.ts";
import { openStore, type Store } from "./store.ts";
import { statusOf, summaryOf } from "./summary.ts";
import { makeWatchers, watchersMax } from "./watchers.ts";

/** What the composition root supplies: everything a session needs and may not import. */
export type SessionParts = Pick<RunnerDeps, "open" | "priceOf" | "runtime" | "crashed"> & {
	readonly tenant: () => TenantRpc;
};

/** One session: wires log, runner and watchers to the platform. What happens is decided in `src/consensus`. */
export class SessionObject extends DurableObject<Env> implements SessionRpc {
	readonly #parts: SessionParts;
	#wired: Wired;
	#told: SessionStatus | null = null;

	constructor(state: DurableObjectState, env: Env, parts: SessionParts) {
		super(state, env);
		this.#parts = parts;
		this.#wired = this.#wire();
		const { store, runner } = this.#wired;
		// The index holds a new session as running from the start.
		this.#told = store.state().status === "empty" ? "running" : statusOf(store.state(), store.account());
		runner.resume();
	}

	async open({ team, question }: { id: string; team: Team; question: string }): Promise<Accepted> {
		if (this.#wired.store.state().status === "open") return { ok: true };
		const seed = Math.floor(this.#parts.runtime.random() * 2 ** 31);
		return accepted(this.#wired.runner.submit({ type: "open", team, seed, question }));
	}

	async summary() {
		const { store } = this.#wired;
		const state = store.state();
		return state.status === "empty" ? null : summaryOf(this.#id(), state, store.account());
	}

	async send(message: string): Promise<Accepted> {
		return accepted(this.#wired.runner.submit({ type: "message", text: message }));
	}

	async steer(command: SteerCommand): Promise<Accepted> {
		return accepted(this.#wired.runner.submit(commandOf(command)));
	}

	async destroy(): Promise<void> {
		const { runner, watchers, sockets } = this.#wired;
		runner.stop();
		await this.ctx.storage.deleteAll();
		this.#wired = this.#wire();
		this.#told = null;
		watchers.close();
		sockets.close();
	}

	override async fetch(request: Request): Promise<Response> {
		const { store, watchers, sockets } = this.#wired;
		if (store.state().status === "empty") return new Response("There is no such session.", { status: 404 });
		const seq = startOf(request);
		if (request.headers.get("upgrade")?.toLowerCase() === "websocket") return sockets.accept(seq);
		if (watchers.count() >= watchersMax)
			return new Response(`At most ${watchersMax} watchers at once.`, { status: 503 });
		const headers = { "content-type": "text/event-stream", "cache-control": "no-store", "x-accel-buffering": "no" };
		return new Response(watchers.open(seq), { headers });
	}

	override async alarm(): Promise<void> {
		this.#wired.runner.alarm();
		this.#wired.watchers.beat();
		await this.#tell();
	}

	/** Watchers only send `ping`, which is answered without waking the object. */
	override async webSocketMessage(): Promise<void> {}

	override async webSocketClose(socket: WebSocket, code: number): Promise<void> {
		// 1005 and 1006 say that no code was received: they must not be sent.
		socket.close(code === 1005 || code === 1006 ? 1000 : code);
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
		});
		return { store, runner, watchers: makeWatchers(storage.sql), sockets: openSockets(this.ctx, storage.sql) };
	}

	/** The object's name is the session's id. */
	#id(): string {
		return this.ctx.id.name ?? this.ctx.id.toString();
	}

	#committed(): void {
		const { watchers, sockets, store } = this.#wired;
		watchers.wake();
		sockets.send(store.account().lastSeq);
		void this.#tell();
	}

	/** The index of sessions follows; if it cannot be reached now, the next alarm tells it. */
	async #tell(): Promise<void> {
		const { store } = this.#wired;
		if (store.state().status === "empty") return;
		const status = statusOf(store.state(), store.account());
		if (status === this.#told) return;
		this.#told = status;
		try {
			await this.#parts.tenant().touch(this.#id(), status);
		} catch (error) {
			this.#told = null;
			this.#parts.crashed(error);
			await this.ctx.storage.setAlarm(this.#parts.runtime.now() + heartbeatMs);
		}
	}
}

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
			return { type: steer.action };
	}
}

function accepted(refusal: Refusal | null): Accepted {
	if (refusal === null) return { ok: true };
	const code =
		refusal.code === "unknown_agent" ? "bad_agent" : refusal.code === "not_open" ? "not_found" : "conflict";
	return { ok: false, code, detail: refusal.detail };
}
