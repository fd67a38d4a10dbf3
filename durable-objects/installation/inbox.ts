import type { Outbox } from "../outbox/outbox.ts";
import type { Database } from "../store/store.ts";
import type { Inbound, InstallationRpc } from "./rpc.ts";

/** What a platform has sent, known again for a day; the work on it is rows of an outbox, so that it survives anything. */

export const inboxSteps: readonly string[] = [
	"CREATE TABLE inbox (key TEXT PRIMARY KEY, at_ms INTEGER NOT NULL) WITHOUT ROWID",
	"CREATE INDEX inbox_by_age ON inbox (at_ms)",
];

/** Platforms repeat within an hour; a day is generous. */
export const knownMs = 24 * 60 * 60 * 1000;
/** With so much waiting, more is not taken: the platform sends it again. */
export const waitingMax = 500;

type Accepted = Awaited<ReturnType<InstallationRpc["accept"]>>;

/** Whether it has to be worked on; the answer is true even after a crash, as both are one transaction. */
export function accept(
	{ sql, transaction }: Database,
	outbox: Pick<Outbox, "put" | "deliveries">,
	{ inbound, nowMs }: { inbound: Inbound; nowMs: number },
): Accepted {
	const { kind, key, place, payload } = inbound;
	sql.exec("DELETE FROM inbox WHERE at_ms <= ?", nowMs - knownMs);
	if (sql.exec("SELECT key FROM inbox WHERE key = ?", key).toArray().length > 0) return "known";
	if ((outbox.deliveries()?.pending ?? 0) >= waitingMax) return "full";
	transaction(() => {
		sql.exec("INSERT INTO inbox (key, at_ms) VALUES (?, ?)", key, nowMs);
		outbox.put([{ key, kind, address: place, payload }]);
	});
	return "new";
}
