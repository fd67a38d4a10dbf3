import { open } from "node:fs/promises";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { isJsonObject } from "../../src/std/json.ts";
import type { ModelEvent } from "../../src/backends/backend.ts";
import { hosts } from "../../src/backends/hosts.ts";
import { replayOf, type ReplayResult } from "../../src/backends/replay.ts";
import { readerFor } from "../../src/backends/wire/readers.ts";
import type { WireName } from "../../src/backends/wire/wire.ts";

/** `replay --backend NAME FILE` or `replay --batch`: what a session makes of a recorded response body. */

const exitBadUsage = 64;
const pieceBytes = 64 * 1024;

/** Backends and wires; that no host of the table speaks the last one yet does not keep it from being read. */
const wires: ReadonlyMap<string, WireName> = new Map<string, WireName>([
	...Object.entries(hosts).flatMap(([name, { wire }]): [string, WireName][] => [
		[name, wire],
		[wire, wire],
	]),
	["gemini-interactions", "gemini-interactions"],
]);

async function replay(backend: string, file: string): Promise<ReplayResult> {
	const wire = wires.get(backend);
	if (wire === undefined) throw new Error(`unknown backend: ${backend} (known: ${[...wires.keys()].join(" ")})`);
	const reader = readerFor(wire);
	const events: ModelEvent[] = [];
	const recording = await open(file);
	for await (const piece of recording.createReadStream({ highWaterMark: pieceBytes }))
		events.push(...reader.push(piece));
	events.push(...reader.end());
	return replayOf(events);
}

async function replayBatch(): Promise<void> {
	for await (const line of createInterface({ input: process.stdin })) {
		if (line.trim() === "") continue;
		const asked: unknown = JSON.parse(line);
		if (!isJsonObject(asked) || typeof asked["backend"] !== "string" || typeof asked["file"] !== "string")
			throw new Error(`not {"backend","file"}: ${line}`);
		console.log(JSON.stringify(await replay(asked["backend"], asked["file"])));
	}
}

async function main(): Promise<void> {
	const { values, positionals } = parseArgs({
		options: { backend: { type: "string" }, batch: { type: "boolean" } },
		allowPositionals: true,
	});
	const [file] = positionals;
	if (values.batch === true) return replayBatch();
	if (values.backend === undefined || file === undefined || positionals.length > 1)
		throw new Error("usage: replay --backend NAME FILE | replay --batch");
	console.log(JSON.stringify(await replay(values.backend, file)));
}

try {
	await main();
} catch (error) {
	console.error(error instanceof Error ? error.message : String(error));
	process.exitCode = exitBadUsage;
}
