import { DurableObject } from "cloudflare:workers";
import { counterfactualsOf } from "../src/consensus/counterfactuals.ts";
import type { Env } from "../src/env.ts";
import { accepted } from "./run/accepted.ts";
import { isHopeless } from "./store/boots.ts";
import { heartbeatMs } from "./run/clocks.ts";
import { unwritten } from "./run/disk.ts";
import { keysVersion } from "./store/keys.ts";
import { wholeLog } from "./store/log.ts";
import { logPage } from "./show/log-page.ts";
import { receiptPage } from "./show/receipt-page.ts";
import type { Accepted, SessionRpc, SteerCommand } from "./rpc.ts";
import { closeSockets } from "./show/sockets.ts";
import { commandOf } from "./run/steering.ts";
import { isOpened } from "./store/store.ts";
import { summaryOf, underwayOf } from "./show/summary.ts";
import { endShare, watching } from "./show/watching.ts";
import { nextTurn, statusIn, wire, type SessionParts, type Wired } from "./wiring.ts";

type Sent = Parameters<SessionRpc["send"]>;

/** One session: wires log, runner and watchers to the platform. What happens is decided in `src/consensus`. */
export class SessionObject extends DurableObject<Env> implements SessionRpc {
	readonly #parts: SessionParts;
	#wired: Wired | null = null;
	/** Its row was there and is gone: what is opened now could be neither found nor deleted. */
	#deletedUnopened = false;

	constructor(state: DurableObjectState, env: Env, parts: SessionParts) {
		super(state, env);
		this.#parts = parts;
		const told = keysVersion(state.storage.sql);
		// What it finds under way it goes on with at once, for which it needs them.
		if (told !== null) void state.blockConcurrencyWhile(() => parts.knowKeys(told));
	}

	async open({ team, question, keys, ...told }: Parameters<SessionRpc["open"]>[0]): Promise<Accepted> {
		// First of all, since it waits: between a look at the state and what is written of it nothing may come.
		if (keys !== undefined) await this.#parts.knowKeys(keys);
		if (this.#deletedUnopened) {
			this.#deletedUnopened = false;
			return { ok: false, code: "not_found", detail: "The session was deleted before it was opened." };
		}
		const { attachments = [], webhooks: subscriptions = [], chat } = told;
		const { store, runner, webhooks, chats, keysTold } = this.#live();
		if (store.state().status === "open") return { ok: true };
		if (keys !== undefined && !keysTold.learn(keys)) return accepted(unwritten);
		if (!webhooks.learn(subscriptions)) return accepted(unwritten);
		if (chat !== undefined && chats.asked(1, chat) === "unwritten") return accepted(unwritten);
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

	async log(page: Parameters<SessionRpc["log"]>[0]) {
		return this.#live().store.state().status === "empty" ? null : logPage(this.ctx.storage.sql, page);
	}

	async receipt(page: Parameters<SessionRpc["receipt"]>[0]) {
		if (this.#live().store.state().status === "empty") return null;
		return receiptPage(wholeLog(this.ctx.storage.sql), { id: this.#id(), ...page });
	}

	async counterfactuals() {
		if (this.#live().store.state().status === "empty") return null;
		return counterfactualsOf(wholeLog(this.ctx.storage.sql));
	}

	async send(...[message, attachments = [], subscriptions = [], { chat, keys } = {}]: Sent): Promise<Accepted> {
		if (keys !== undefined) await this.#parts.knowKeys(keys);
		const { store, runner, webhooks, chats, keysTold } = this.#live();
		const opened = store.state().status === "open";
		if (opened && keys !== undefined && !keysTold.learn(keys)) return accepted(unwritten);
		if (opened && !webhooks.learn(subscriptions)) return accepted(unwritten);
		const send = () => accepted(runner.submit({ type: "message", text: message, attachments }));
		return chat === undefined ? send() : chats.sending({ turn: nextTurn(store), ...chat }, send);
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
		this.#deletedUnopened =
			wired === null ? !isOpened(this.ctx.storage.sql) : wired.store.state().status === "empty";
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
		const wired = this.#live();
		if (wired.store.state().status === "empty") return new Response("There is no such session.", { status: 404 });
		return watching(wired, request);
	}

	async endShare(share: string): Promise<void> {
		endShare(this.#live(), share);
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
		return wire(this.ctx, this.#parts, { id: this.#id(), current: () => this.#wired });
	}

	/** The object's name is the session's id. */
	#id(): string {
		return this.ctx.id.name ?? this.ctx.id.toString();
	}
}
