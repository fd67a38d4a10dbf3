import type { Env } from "../../../src/env.ts";
import type { Metered } from "./metered.ts";

/** A meter at what Cloudflare bills. One isolate holds all of it. */
export const meter = {
	workerRequest: () => void (workerRequests += 1),
	objectRequest: () => void (objectRequests += 1),
	taken,
	attach,
	asked,
};

type Cursor = { readonly rowsWritten: number };
const cursors: Record<"session" | "tenant", Cursor[]> = { session: [], tenant: [] };
let [workerRequests, objectRequests, alarms, flushes, databaseBytes] = [0, 0, 0, 0, 0];

/** What came together since it was last asked for. */
function taken(): Metered {
	const rowsOf = (name: keyof typeof cursors) => cursors[name].reduce((sum, { rowsWritten }) => sum + rowsWritten, 0);
	const rows = { session: rowsOf("session"), tenant: rowsOf("tenant"), alarms };
	const metered = { worker_requests: workerRequests, object_requests: objectRequests, rows, flushes };
	const now: Metered = { ...metered, database_bytes: databaseBytes };
	cursors.session.length = 0;
	cursors.tenant.length = 0;
	[workerRequests, objectRequests, alarms, flushes, databaseBytes] = [0, 0, 0, 0, 0];
	return now;
}

function attach(storage: DurableObjectStorage, name: keyof typeof cursors): void {
	const { sql } = storage;
	const exec = sql.exec.bind(sql);
	const setAlarm = storage.setAlarm.bind(storage);
	const deleteAlarm = storage.deleteAlarm.bind(storage);
	Object.defineProperty(sql, "exec", {
		value: (query: string, ...bindings: unknown[]) => {
			const cursor = exec(query, ...bindings);
			cursors[name].push(cursor);
			if (query.startsWith("INSERT INTO log") && isFlush(bindings.at(-1))) flushes += 1;
			if (name === "session") databaseBytes = sql.databaseSize;
			return cursor;
		},
	});
	Object.defineProperty(storage, "setAlarm", {
		value: (...at: Parameters<typeof setAlarm>) => ((alarms += 1), setAlarm(...at)),
	});
	Object.defineProperty(storage, "deleteAlarm", { value: () => ((alarms += 1), deleteAlarm()) });
}

function isFlush(lines: unknown): boolean {
	const texts = /"type":"(agent\.text|agent\.reasoning|final\.text)"/;
	return String(lines)
		.split("\n")
		.every((line) => texts.test(line.slice(0, 100)));
}

/** The objects as they are asked from here: each call is a request. */
function asked(env: Env): Env {
	return { ...env, SESSION: countingCalls(env.SESSION), TENANT: countingCalls(env.TENANT) };
}

function countingCalls(namespace: DurableObjectNamespace): DurableObjectNamespace {
	const getByName = (name: string) => {
		const stub = namespace.getByName(name);
		const ask = (method: string | symbol, given: unknown[]): unknown => {
			objectRequests += 1;
			return Reflect.apply(Reflect.get(stub, method), stub, given);
		};
		return new Proxy(stub, {
			get:
				(_, method) =>
				(...given: unknown[]) =>
					ask(method, given),
		});
	};
	return { getByName } as unknown as DurableObjectNamespace;
}
