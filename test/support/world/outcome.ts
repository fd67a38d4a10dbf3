import type { LoggedEvent } from "../../../src/consensus/events.ts";
import type { Breaches } from "./breaches.ts";
import type { Step } from "./life.ts";
import type { Ground } from "./machine.ts";
import type { Paid } from "./provider.ts";
import type { Arrival } from "./receiver.ts";
import type { Setting } from "./setting.ts";
import type { Watcher } from "./watcher.ts";

/** Everything that came of a world. */
export type Outcome = {
	readonly setting: Setting;
	readonly log: readonly LoggedEvent[];
	/** The log as it stood at each death and at its end, as text. */
	readonly logs: readonly string[];
	readonly steps: readonly Step[];
	readonly paid: readonly Paid[];
	readonly watched: readonly (readonly string[])[];
	readonly arrivals: readonly Arrival[];
	readonly doubtful: ReadonlySet<string>;
	readonly elapsedMs: number;
	readonly ledger: readonly LedgerRow[];
	readonly deadlinesLeft: number;
	readonly breaches: Breaches;
};

export type LedgerRow = { readonly id: string; readonly state: string; readonly handle: string | null };

type Ended = Ground & {
	readonly sql: SqlStorage;
	readonly logs: readonly string[];
	readonly watchers: readonly Watcher[];
};

export function outcomeOf(world: Ended): Outcome {
	const { setting, sql, logs, steps, provider, watchers, receiver, clock, breaches, code } = world;
	return {
		setting,
		log: [...code.wholeLog(sql)],
		logs: [...logs, logOf(sql)],
		steps: steps.taken(),
		paid: provider.paid,
		watched: watchers.map(({ lines }) => lines),
		arrivals: receiver.arrivals,
		doubtful: receiver.doubtful,
		elapsedMs: clock.elapsedMs(),
		ledger: sql.exec<LedgerRow>("SELECT id, state, handle FROM calls ORDER BY id").toArray(),
		deadlinesLeft: sql.exec("SELECT key FROM deadlines").toArray().length,
		breaches,
	};
}

/** The log's rows as text; empty where there is none yet. */
export function logOf(sql: SqlStorage): string {
	const known = sql.exec("SELECT name FROM sqlite_master WHERE name = 'log'").toArray().length > 0;
	if (!known) return "";
	const rows = sql.exec<{ lines: string }>("SELECT lines FROM log ORDER BY first").toArray();
	return rows.map((row) => row.lines).join("\n");
}
