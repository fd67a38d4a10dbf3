import type { Sql } from "../store/log.ts";
import type { Subscription, TenantRpc, WebhookRow, WebhookTarget } from "../rpc.ts";

/** One tenant's webhooks, as rows. Only here do their secrets stand, and only a delivery asks for one. */

export const webhooksMax = 10;

export const subscriptionSteps: readonly string[] = [
	`CREATE TABLE webhooks (name TEXT PRIMARY KEY, url TEXT NOT NULL, events TEXT, secret TEXT NOT NULL, disabled TEXT,
		created_at TEXT NOT NULL)`,
];

/** `fresh` is the secret of a new webhook that brings none. */
type Wanted = Parameters<TenantRpc["putWebhook"]>[0] & { readonly fresh: string };
type Put = Awaited<ReturnType<TenantRpc["putWebhook"]>>;

/** Stores a webhook in place of one of the same name, which is enabled by that; a conflict when there are `webhooksMax` others. */
export function putWebhook(sql: Sql, wanted: Wanted, nowMs: number): Put {
	const { name, url, events, secret, fresh } = wanted;
	const { others } = sql
		.exec<{ others: number }>("SELECT COUNT(*) AS others FROM webhooks WHERE name <> ?", name)
		.one();
	if (others >= webhooksMax) return { ok: false, code: "conflict", detail: full };
	const before = webhookTarget(sql, name)?.secret ?? null;
	const after = secret ?? before ?? fresh;
	sql.exec(
		`INSERT INTO webhooks (name, url, events, secret, created_at) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (name) DO UPDATE SET url = excluded.url, events = excluded.events, secret = excluded.secret, disabled = NULL`,
		name,
		url,
		events === null ? null : JSON.stringify(events),
		after,
		new Date(nowMs).toISOString(),
	);
	const row = sql.exec<Stored>(`SELECT ${shown} FROM webhooks WHERE name = ?`, name).one();
	return { ok: true, webhook: rowOf(row), secret: after === before ? null : after };
}

const full = `There are already ${webhooksMax} webhooks, as many as there may be. Delete one first.`;

/** Whether there was such a webhook. */
export function dropWebhook(sql: Sql, name: string): boolean {
	return sql.exec("DELETE FROM webhooks WHERE name = ? RETURNING name", name).toArray().length > 0;
}

/** Every webhook, by name. */
export function webhooks(sql: Sql): readonly WebhookRow[] {
	return sql.exec<Stored>(`SELECT ${shown} FROM webhooks ORDER BY name LIMIT ?`, webhooksMax).toArray().map(rowOf);
}

/** What a session is told; nothing at all where there is nothing to tell. */
export function subscriptions(sql: Sql): { readonly webhooks?: readonly Subscription[] } {
	const enabled = webhooks(sql).filter(({ disabled }) => disabled === null);
	return enabled.length === 0 ? {} : { webhooks: enabled.map(({ name, events }) => ({ name, events })) };
}

/** Null where there is none of this name. */
export function webhookTarget(sql: Sql, name: string): WebhookTarget | null {
	const query = "SELECT url, secret, disabled FROM webhooks WHERE name = ?";
	return sql.exec<WebhookTarget>(query, name).toArray()[0] ?? null;
}

/** A webhook that has another address by now stays as it is. */
export function disableWebhook(sql: Sql, { name, url, reason }: Parameters<TenantRpc["disableWebhook"]>[0]): void {
	sql.exec("UPDATE webhooks SET disabled = ? WHERE name = ? AND url = ?", reason, name, url);
}

type Stored = Omit<WebhookRow, "events"> & { readonly events: string | null };

const shown = "name, url, events, disabled, created_at";

function rowOf({ events, ...row }: Stored): WebhookRow {
	const parsed: unknown = events === null ? null : JSON.parse(events);
	return { ...row, events: parsed as readonly string[] | null };
}
