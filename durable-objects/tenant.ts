import { DurableObject } from "cloudflare:workers";
import type { Team } from "../src/consensus/team.ts";
import type { Env } from "../src/env.ts";
import { migrate } from "./migrations.ts";
import * as register from "./register.ts";
import type { SessionStatus, TenantRpc } from "./rpc.ts";

/** One tenant: the register of its sessions and teams, behind the object's RPC. */
export class Tenant extends DurableObject<Env> implements TenantRpc {
	readonly #sql: SqlStorage;

	constructor(state: DurableObjectState, env: Env) {
		super(state, env);
		this.#sql = state.storage.sql;
		migrate(this.#sql, { register: register.registerSteps });
	}

	async reserve(input: Parameters<TenantRpc["reserve"]>[0]) {
		return this.#whole(() => register.reserve(this.#sql, input, Date.now()));
	}

	async list(page: Parameters<TenantRpc["list"]>[0]) {
		return register.list(this.#sql, page);
	}

	async row(id: string) {
		return register.row(this.#sql, id);
	}

	async rename(id: string, title: string) {
		return register.rename(this.#sql, { id, title }, Date.now());
	}

	async forget(id: string) {
		return this.#whole(() => register.forget(this.#sql, id));
	}

	async touch(id: string, status: SessionStatus) {
		register.touch(this.#sql, { id, status }, Date.now());
	}

	async unfinished() {
		return register.unfinished(this.#sql);
	}

	async team(name: string) {
		return register.team(this.#sql, name);
	}

	async putTeam(name: string, team: Team) {
		return register.putTeam(this.#sql, name, team);
	}

	async dropTeam(name: string) {
		return register.dropTeam(this.#sql, name);
	}

	async teams() {
		return register.teams(this.#sql);
	}

	/** All of its writes or none: a disk may fill up between two of them. Single statements are so by themselves. */
	#whole<T>(write: () => T): T {
		return this.ctx.storage.transactionSync(write);
	}
}
