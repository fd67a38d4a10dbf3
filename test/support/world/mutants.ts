/** One thing taken out of what the world runs. `find` must stand exactly once in the file. */
export type WorldMutant = {
	readonly rule: string;
	readonly name: string;
	/** From the root of the repository. */
	readonly file: string;
	readonly find: string;
	readonly replace: string;
};

type Row = readonly [rule: string, name: string, file: string, find: string, replace: string];

const rows: readonly Row[] = [
	[
		"P15",
		"no row in the ledger before the dispatch",
		"durable-objects/store/store.ts",
		'if (event.type === "call.started") ledger.opened(sql, event, { epoch, nowMs: atMs });',
		"",
	],
	[
		"P15",
		"requests leave before their commit",
		"durable-objects/run/runner.ts",
		"if (!committed(run, events, { state, files, nowMs })) {",
		"start(run, calls, { requests, over: (ending) => report(run, ending) }); if (!committed(run, events, { state, files, nowMs })) {",
	],
	[
		"P15",
		"calls of this machine's own epoch are orphans",
		"durable-objects/store/calls.ts",
		"state = 'dispatched' AND epoch < ? ORDER",
		"state = 'dispatched' AND epoch <= ? ORDER",
	],
	[
		"P15",
		"a boot begins no new epoch",
		"durable-objects/store/boots.ts",
		"return { epoch: epoch + 1, inVain",
		"return { epoch, inVain",
	],
	["P9", "deadlines are no rows", "durable-objects/store/store.ts", "deadlines.save(sql, running, next);", ""],
	[
		"P15",
		"one key for all events of a webhook",
		"durable-objects/outbox/webhooks.ts",
		"key: `webhook:${name}:${seq}`",
		"key: `webhook:${name}`",
	],
	[
		"P15",
		"another id at each try",
		"durable-objects/outbox/outbox.ts",
		"perform({ id: idOf(name, position), address",
		"perform({ id: idOf(name, position + 1000 * row.tries), address",
	],
	[
		"P15",
		"what is put is not in its cause's transaction",
		"durable-objects/store/store.ts",
		"alongside(events, { firstSeq: first, at }); if (rest && kept) ledger.forget(sql); });",
		"if (rest && kept) ledger.forget(sql); }); alongside(events, { firstSeq: first, at });",
	],
	[
		"P15",
		"handles are not written",
		"durable-objects/store/store.ts",
		"resumable: (call, point) => ledger.resumable(sql, call, point)",
		"resumable: () => {}",
	],
	[
		"P15",
		"what is taken up is told again",
		"durable-objects/run/already-told.ts",
		'if (rest.startsWith(text)) return { news: "",',
		"if (rest.startsWith(text)) return { news: text,",
	],
	[
		"P15",
		"a write that failed counts as written",
		"durable-objects/run/disk.ts",
		"failed(error); return false;",
		"failed(error); return true;",
	],
	[
		"P15",
		"replies that could not be written are forgotten",
		"durable-objects/run/runner.ts",
		'if (refused?.code === "unwritten") run.endings.push(...endings);',
		"",
	],
	[
		"P15",
		"whoever resumes is told the whole row",
		"durable-objects/show/watchers.ts",
		"return seq <= row.first ? lines : lines.slice(seq - row.first);",
		"return lines;",
	],
	[
		"P15",
		"nobody notes what a receiver has taken",
		"durable-objects/outbox/outbox.ts",
		"if (!run.stopped) deps.transaction(() => settle(deps, row, delivered));",
		"",
	],
	[
		"P15",
		"calls stay open in the ledger",
		"durable-objects/store/store.ts",
		"ledger.closed(sql, event, { outcome, nowMs: atMs });",
		"",
	],
];

/** What the world has to notice, by what it would cost a person. */
export const worldMutants: readonly WorldMutant[] = rows.map(([rule, name, file, find, replace]) => ({
	rule,
	name,
	file,
	find,
	replace,
}));
