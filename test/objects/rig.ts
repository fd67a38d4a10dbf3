import type { RunnerDeps } from "../../durable-objects/run/run.ts";
import { makeRunner, type Runner } from "../../durable-objects/run/runner.ts";
import { openStore, type Store } from "../../durable-objects/store/store.ts";
import { wholeLog } from "../../durable-objects/store/log.ts";
import type { Backend, FailureCode, ModelEvent, ModelRequest, Resume } from "../../src/backends/backend.ts";
import type { LoggedEvent } from "../../src/consensus/events.ts";
import type { Team } from "../../src/consensus/team.ts";
import { sqlStorage, transactionOn } from "../support/sql.ts";

export type Rig = {
	readonly sql: SqlStorage;
	readonly store: Store;
	readonly runner: Runner;
	/** What models were asked, oldest first. */
	readonly requests: readonly ModelRequest[];
	readonly crashes: readonly unknown[];
	/** Handles of calls that were ended at their provider. */
	readonly givenUp: readonly string[];
	/** When the alarm is due, counted from the start; null where none is set. */
	readonly alarmInMs: () => number | null;
	readonly log: () => readonly LoggedEvent[];
	readonly open: (team: Team) => void;
	/** Lets whatever has been started come to its next wait. */
	readonly settle: () => Promise<void>;
	/** Moves the clock on by this much: timers and the alarm go off on their way. */
	readonly pass: (ms: number) => Promise<void>;
	/** The clock is set by this much, forwards or back: timers do not care, the alarm does. */
	readonly setClock: (byMs: number) => void;
	/** The alarm that is set never goes off. */
	readonly loseAlarm: () => void;
};

/** `setsAlarm` may throw or reject, as storage does that takes no writes. */
export type RigOptions = {
	readonly sql?: SqlStorage;
	readonly fromMs?: number;
	/** What takes up a lost call; null where no provider keeps any. */
	readonly resume?: Resume | null;
	readonly priceOf?: RunnerDeps["priceOf"];
	readonly setsAlarm?: () => void | Promise<void>;
};

/** What a model does: whole batches, or something to wait for before the next one. */
export type Script = Backend;

const startMs = Date.UTC(2026, 0, 1);

/** A session's store and runner on a database in memory, with a clock that only a test moves. A second rig on the same `sql` is a restart. */
export function rig(
	script: Script,
	{ sql = sqlStorage(), fromMs = 0, resume = null, priceOf = () => null, setsAlarm }: RigOptions = {},
): Rig {
	let nowMs = startMs + fromMs;
	let alarmMs: number | null = null;
	let timers: { readonly atMs: number; readonly run: () => void }[] = [];
	const requests: ModelRequest[] = [];
	const crashes: unknown[] = [];
	const givenUp: string[] = [];
	const backend: Backend = (request, ...rest) => {
		requests.push(request);
		return script(request, ...rest);
	};
	const store = openStore({ sql, transaction: transactionOn(sql) }, nowMs);
	const runner = makeRunner({
		store,
		runtime: { now: () => nowMs, random: () => 0, newId: () => "id" },
		sessionId: "s1",
		open: () => backend,
		resume: () => resume,
		giveUp: (_, handle) => void givenUp.push(handle),
		priceOf,
		savedOf: () => null,
		setAlarm: (dueMs) => {
			const refused = setsAlarm?.();
			if (refused === undefined) alarmMs = dueMs;
			return refused;
		},
		later: (run, ms) => void timers.push({ atMs: nowMs + ms, run }),
		wakes: () => [],
		committed: () => {},
		crashed: (error) => void crashes.push(error),
	});
	const turns = async () => {
		for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
	};
	const ring = (untilMs: number): boolean => {
		const [first] = timers.toSorted((a, b) => a.atMs - b.atMs);
		const next = Math.min(first?.atMs ?? Number.POSITIVE_INFINITY, alarmMs ?? Number.POSITIVE_INFINITY);
		if (next > untilMs) return false;
		nowMs = Math.max(nowMs, next);
		if (first !== undefined && first.atMs === next) {
			timers = timers.filter((timer) => timer !== first);
			first.run();
			return true;
		}
		alarmMs = null;
		runner.alarm();
		return true;
	};
	const pass = async (ms: number) => {
		const untilMs = nowMs + ms;
		await turns();
		for (let rings = 0; rings < 1000 && ring(untilMs); rings++) await turns();
		nowMs = untilMs;
	};
	return {
		sql,
		store,
		runner,
		requests,
		crashes,
		givenUp,
		alarmInMs: () => (alarmMs === null ? null : alarmMs - startMs),
		log: () => [...wholeLog(sql)],
		open: (team) => void runner.submit({ type: "open", team, seed: 7, question: "?" }),
		settle: () => pass(0),
		pass,
		setClock: (byMs) => {
			nowMs += byMs;
			timers = timers.map(({ atMs, run }) => ({ atMs: atMs + byMs, run }));
		},
		loseAlarm: () => void (alarmMs = null),
	};
}

/** Each call gets the next of these replies; the last one again and again. */
export function replies(...each: readonly (readonly ModelEvent[])[]): Script {
	let next = 0;
	return async function* reply() {
		yield each[Math.min(next++, each.length - 1)] ?? [];
	};
}

/** A reply that hands in this answer. */
export function answering(content: string): readonly ModelEvent[] {
	return [
		{ type: "tool_call", call: { id: "c1", name: "new_answer", arguments: { content } } },
		{ type: "end", stop: "tools" },
	];
}

/** A reply in words, without a decision. */
export function saying(text: string): readonly ModelEvent[] {
	return [
		{ type: "text", text },
		{ type: "echo", item: { said: text } },
		{ type: "end", stop: "end" },
	];
}

/** A provider's failure. */
export function failing(code: FailureCode, begun = false): readonly ModelEvent[] {
	const failure = { code, retryable: code === "server", retryAfterMs: null, message: "It broke." } as const;
	return [
		...(begun ? [{ type: "text", text: "Well" } as const] : []),
		{ type: "failed", failure },
		{ type: "end", stop: "error" },
	];
}

/** Resolves when the call is given up; a stream that waits for it never ends by itself. */
export function abandoned(signal: AbortSignal): Promise<void> {
	return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
