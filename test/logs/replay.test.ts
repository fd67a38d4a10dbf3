import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { Event } from "../../src/api/contract.ts";
import type { LoggedEvent } from "../../src/consensus/events.ts";
import { brokenBy } from "../../src/consensus/invariants.ts";
import { stateOf } from "../../src/consensus/reduce.ts";

/** Golden logs: written by a release, kept as they are, and readable for ever. A release only ever adds one. */
const logs = readdirSync("test/logs").filter((name) => name.endsWith(".ndjson"));

const read = (name: string): LoggedEvent[] =>
	readFileSync(`test/logs/${name}`, "utf8")
		.trimEnd()
		.split("\n")
		.map((line): LoggedEvent => JSON.parse(line));

type End = {
	readonly versions: object;
	readonly files: { readonly count: number; readonly bytes: number };
	readonly answers: readonly (string | undefined)[];
};
const noFiles = { count: 0, bytes: 0 };
const ferry = "Take the ferry of 13:30: it is the last one that lands at the old pier before high water at 14:20.";

const nothingToCompute =
	"This is MassGen Edge's built-in demo team. It only calculates (arithmetic, percentages, units, dates), and this question is nothing it can compute.";

const sluice = "Open the sluice at 06:40 and shut it at 09:15, before the flood comes back over the sill at 1.8 m.";

const ends: Record<string, End> = {
	"0.1.0-killed-and-resumed.ndjson": {
		versions: { a: 1, b: 1, c: 1 },
		files: noFiles,
		answers: ["**90 days**"],
	},
	"0.1.0-two-turns.ndjson": {
		versions: { a: 2, b: 2, c: 2 },
		files: noFiles,
		answers: ["Result: 14", nothingToCompute],
	},
	// A fallback, a pause, a provider's own tool, files sent and drawn, a queued message with one, caches written and read.
	"0.2.0-fallback-pause-and-files.ndjson": {
		versions: { a: 2, b: 2, c: 2 },
		files: { count: 4, bytes: 238 },
		answers: [ferry, ferry],
	},
	// A call taken up after a crash, a turn that waits for money and for a person, a round that is hurried, and restarts.
	"0.3.0-crash-wait-and-attempts.ndjson": {
		versions: { a: 2, b: 4, c: 4 },
		files: noFiles,
		answers: [sluice, sluice],
	},
	// Asked in a chat, with a message that waited, a note and an agent that was dropped in the second turn.
	"0.4.0-asked-in-a-chat.ndjson": {
		versions: { a: 2, b: 2, c: 1 },
		files: noFiles,
		answers: ["**14**", nothingToCompute],
	},
};

test("every golden log has its end written down", () => {
	expect(logs).toEqual(Object.keys(ends));
});

test.each(logs)("%s still follows the contract, line by line, without a gap", (name) => {
	const log = read(name);
	expect(log.map((event) => Event.parse(event))).toEqual(log);
	expect(log.map(({ seq }) => seq)).toEqual(log.map((_, i) => i + 1));
});

test.each(logs)("%s still reduces to the same end", (name) => {
	const end = stateOf(read(name));
	if (end.status === "empty") throw new Error("the log is of a session");
	expect([end.current, brokenBy(end)]).toEqual([null, null]);
	const { versions, files, past } = end;
	expect({ versions, files, answers: past.map(({ answer }) => answer?.split("\n")[0]) }).toEqual(ends[name]);
});
