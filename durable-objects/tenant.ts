import { DurableObject } from "cloudflare:workers";
import type { Team } from "../src/consensus/team.ts";
import type { Env } from "../src/env.ts";
import { migrate } from "./store/migrations.ts";
import * as register from "./tenant/register.ts";
import type { SessionStatus, TenantRpc } from "./rpc.ts";
import * as keys from "./tenant/keys.ts";
import * as links from "./tenant/shares.ts";
import * as hooks from "./tenant/subscriptions.ts";
import { makeTouches, type Touches } from "./tenant/touches.ts";

/** One tenant: the register of its sessions and teams, behind the object's RPC. */
export class Tenant extends DurableObject<Env> implements TenantRpc {
	readonly #touches: Touches;

	constructor(state: DurableObjectState, env: Env) {
		super(state, env);
		const { sql } = state.storage;
		const { registerSteps } = register;
		const parts = { webhooks: hooks.subscriptionSteps, shares: links.shareSteps, keys: keys.keySteps };
		state.storage.transactionSync(() => migrate(sql, { register: registerSteps, ...parts }));
		this.#touches = makeTouches({
			write: (touches) =>
				state.storage.transactionSync(() => touches.forEach((touch) => register.touch(sql, touch, Date.now()))),
			later: (run, ms) => void setTimeout(run, ms),
		});
	}

	/** The register as it stands with all that sessions have told. */
	get #sql(): SqlStorage {
		this.#touches.write();
		return this.ctx.storage.sql;
	}

	async reserve(input: Parameters<TenantRpc["reserve"]>[0]) {
		const reserved = this.#whole((sql) => register.reserve(sql, input, Date.now()));
		return reserved.outcome === "conflict" ? reserved : { ...reserved, ...this.#told() };
	}

	async list(page: Parameters<TenantRpc["list"]>[0]) {
		return register.list(this.#sql, page);
	}

	async row(id: string) {
		const row = register.row(this.#sql, id);
		return row === null ? null : { ...row, ...this.#told() };
	}

	async rename(id: string, title: string) {
		return register.rename(this.#sql, { id, title }, Date.now());
	}

	async forget(id: string) {
		return this.#whole((sql) => {
			links.forgetShares(sql, id);
			return register.forget(sql, id);
		});
	}

	async share(share: Parameters<TenantRpc["share"]>[0]) {
		return this.#whole((sql) => links.share(sql, share, Date.now()));
	}

	async shares(session: string) {
		return links.shares(this.#sql, session, Date.now());
	}

	async unshare(share: Parameters<TenantRpc["unshare"]>[0]) {
		return links.unshare(this.#sql, share);
	}

	async shared(digest: string) {
		return links.shared(this.#sql, digest, Date.now());
	}

	async touch(id: string, status: SessionStatus) {
		await this.#touches.add(id, status);
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

	async putKey(key: Parameters<TenantRpc["putKey"]>[0]) {
		return this.#whole((sql) => keys.putKey(sql, key));
	}

	async dropKey(backend: string) {
		return this.#whole((sql) => keys.dropKey(sql, backend));
	}

	async sealedKeys() {
		return keys.sealedKeys(this.#sql);
	}

	async webhooks() {
		return hooks.webhooks(this.#sql);
	}

	async putWebhook(webhook: Parameters<TenantRpc["putWebhook"]>[0]) {
		const fresh = `whsec_${btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32))))}`;
		return this.#whole((sql) => hooks.putWebhook(sql, { ...webhook, fresh }, Date.now()));
	}

	async dropWebhook(name: string) {
		return hooks.dropWebhook(this.#sql, name);
	}

	async webhookTarget(name: string) {
		return hooks.webhookTarget(this.#sql, name);
	}

	async disableWebhook(webhook: Parameters<TenantRpc["disableWebhook"]>[0]) {
		hooks.disableWebhook(this.#sql, webhook);
	}

	/** What a session is told when it is opened and at each message. */
	#told() {
		return { ...hooks.subscriptions(this.#sql), ...keys.keysTold(this.#sql) };
	}

	/**
	 * All of its writes or none: a disk may fill up between two of them. Single statements are so by themselves. What sessions
	 * have told is confirmed to them, so it is written before, where nothing that fails afterwards takes it back.
	 */
	#whole<T>(write: (sql: SqlStorage) => T): T {
		const sql = this.#sql;
		return this.ctx.storage.transactionSync(() => write(sql));
	}
}
