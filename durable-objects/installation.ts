import { DurableObject } from "cloudflare:workers";
import type { Env } from "../src/env.ts";
import type { Runtime } from "../src/std/runtime.ts";
import { accept, inboxSteps } from "./installation/inbox.ts";
import * as lanes from "./installation/lanes.ts";
import * as notes from "./installation/notes.ts";
import type { Inbound, InstallationRpc, Lane, Note, WantedRun } from "./installation/rpc.ts";
import * as runs from "./installation/runs.ts";
import { openOutbox, type Outbox, type OutboxDeps } from "./outbox/outbox.ts";
import { migrate } from "./store/migrations.ts";
import type { Database } from "./store/store.ts";

/** `deliver`: each bot's work on what its platform sent. */
export type InstallationParts = Pick<OutboxDeps, "deliver" | "sleep" | "crashed"> & { readonly runtime: Runtime };

const tables = { inbox: inboxSteps, notes: notes.noteSteps, lanes: lanes.laneSteps, runs: runs.runSteps };

/** One installation of our app on a chat platform: its inbox, its rates, its limits and what its bot remembers. */
export class InstallationObject extends DurableObject<Env> implements InstallationRpc {
	readonly #parts: InstallationParts;
	#opened: { readonly outbox: Outbox; readonly database: Database } | null = null;

	constructor(state: DurableObjectState, env: Env, parts: InstallationParts) {
		super(state, env);
		this.#parts = parts;
	}

	async accept(inbound: Inbound) {
		const { outbox, database } = this.#open();
		const accepted = accept(database, outbox, { inbound, nowMs: this.#now() });
		await this.#rearm();
		outbox.kick();
		return accepted;
	}

	async keep(note: Note) {
		notes.keep(this.#open().database.sql, note, this.#now());
	}

	async kept(kind: string, key: string) {
		return notes.kept(this.#open().database.sql, { kind, key }, this.#now());
	}

	async newest(kind: string, limit: number) {
		return notes.newest(this.#open().database.sql, { kind, limit }, this.#now());
	}

	async drop(kind: string, key: string) {
		notes.drop(this.#open().database.sql, kind, key);
	}

	async turn(lane: Lane) {
		return lanes.turn(this.#open().database.sql, lane, this.#now());
	}

	async pause(name: string, forMs: number) {
		lanes.pause(this.#open().database.sql, { name, forMs }, this.#now());
	}

	async admit(run: WantedRun) {
		return runs.admit(this.#open().database.sql, run, this.#now());
	}

	async ended(run: string, usd: number | null) {
		runs.ended(this.#open().database.sql, { run, usd }, this.#now());
	}

	async purge() {
		this.#opened?.outbox.stop();
		this.#opened = null;
		await this.ctx.storage.deleteAll();
	}

	override async alarm() {
		const { outbox } = this.#open();
		// Armed anew before anything is sent, so that a crash in the middle wakes it as well.
		await this.#rearm();
		outbox.kick();
	}

	#open() {
		if (this.#opened !== null) return this.#opened;
		const { storage } = this.ctx;
		migrate(storage.sql, tables);
		const database: Database = { sql: storage.sql, transaction: (write) => storage.transactionSync(write) };
		const settled = () => void this.#rearm().catch(this.#parts.crashed);
		const name = this.ctx.id.name ?? this.ctx.id.toString();
		// What a platform has sent holds tokens, and nobody here sends it again.
		const outbox = openOutbox({ ...this.#parts, ...database, name, dead: "emptied", settled });
		this.#opened = { outbox, database };
		return this.#opened;
	}

	async #rearm(): Promise<void> {
		const wakes = this.#opened?.outbox.wakes() ?? [];
		if (wakes.length > 0) await this.ctx.storage.setAlarm(Math.min(...wakes));
	}

	#now(): number {
		return this.#parts.runtime.now();
	}
}
