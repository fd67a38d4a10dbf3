import { DatabaseSync, type StatementSync, type SQLInputValue, type SQLOutputValue } from "node:sqlite";

/** An object's SQL storage on a SQLite of Node's, in memory: same queries, same rows, no Workers runtime. */
export function sqlStorage(): SqlStorage {
	const db = new DatabaseSync(":memory:");
	const changes = db.prepare("SELECT total_changes() AS changes");
	const prepare = preparing(db);
	const exec = (query: string, ...bindings: unknown[]) => {
		const reads = /^\s*SELECT\b/i.test(query);
		const before = reads ? 0 : totalChanges(changes);
		const rows = rowsOf({ db, prepare }, query, bindings);
		return cursorOf(rows, reads ? 0 : totalChanges(changes) - before);
	};
	const size = () => Number(pragma(db, "page_count")) * Number(pragma(db, "page_size"));
	const storage = {
		exec,
		get databaseSize() {
			return size();
		},
	};
	return storage as unknown as SqlStorage;
}

/** As `transactionSync` does it: all that is written, or nothing. */
export function transactionOn(sql: SqlStorage): <T>(write: () => T) => T {
	return (write) => {
		sql.exec("BEGIN");
		try {
			const made = write();
			sql.exec("COMMIT");
			return made;
		} catch (error) {
			sql.exec("ROLLBACK");
			throw error;
		}
	};
}

type Row = Record<string, ArrayBuffer | string | number | null>;

function cursorOf(rows: readonly Row[], rowsWritten: number) {
	const left = rows[Symbol.iterator]();
	return {
		[Symbol.iterator]: () => left,
		next: () => left.next(),
		toArray: () => [...left],
		one: () => {
			const [only, ...more] = left;
			if (only === undefined || more.length > 0)
				throw new Error(`expected exactly one row, got ${only === undefined ? 0 : more.length + 1}`);
			return only;
		},
		raw: () => rows.map((row) => Object.values(row))[Symbol.iterator](),
		columnNames: Object.keys(rows[0] ?? {}),
		rowsRead: rows.length,
		rowsWritten,
	};
}

/** Several statements in one string run in turn; only a single one takes bindings and gives rows. */
function rowsOf({ db, prepare }: Statements, query: string, bindings: readonly unknown[]): Row[] {
	if (bindings.length === 0 && /;\s*\S/.test(query)) {
		db.exec(query);
		return [];
	}
	return prepare(query)
		.all(...bindings.map(bound))
		.map(read);
}

type Statements = { readonly db: DatabaseSync; readonly prepare: (query: string) => StatementSync };

const statementsMax = 200;

/** Statements are prepared once: a simulated session runs the same few hundreds of times. */
function preparing(db: DatabaseSync): Statements["prepare"] {
	const known = new Map<string, StatementSync>();
	return (query) => {
		const statement = known.get(query) ?? db.prepare(query);
		if (known.size < statementsMax) known.set(query, statement);
		return statement;
	};
}

function bound(value: unknown): SQLInputValue {
	if (value instanceof ArrayBuffer) return new Uint8Array(value);
	if (value === null || typeof value === "string" || typeof value === "number" || value instanceof Uint8Array)
		return value;
	throw new TypeError(`a binding must be null, a string, a number or bytes, not ${typeof value}`);
}

function read(row: Record<string, SQLOutputValue>): Row {
	const copy: Row = {};
	for (const name in row) copy[name] = fromSqlite(row[name] ?? null);
	return copy;
}

function fromSqlite(value: SQLOutputValue): Row[string] {
	if (value instanceof Uint8Array) return new Uint8Array(value).buffer;
	return typeof value === "bigint" ? Number(value) : value;
}

function totalChanges(changes: StatementSync): number {
	return Number(changes.get()?.["changes"]);
}

function pragma(db: DatabaseSync, name: string): SQLOutputValue | undefined {
	return db.prepare(`PRAGMA ${name}`).get()?.[name];
}
