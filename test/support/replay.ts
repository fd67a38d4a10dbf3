import { open } from "node:fs/promises";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { isJsonObject } from "../../src/std/json.ts";
import type { ModelEvent } from "../../src/backends/backend.ts";
import { hosts } from "../../src/backends/hosts.ts";
import { replayOf, type ReplayResult } from "../../src/backends/replay.ts";
import { readerFor } from "../../src/backends/wire/readers.ts";
import type { WireName } from "../../src/backends/wire/wire.ts";

/**
 * `replay --backend NAME FILE` or `replay --batch`: what a session makes of a recorded response body. A line of a batch
 * that cannot be answered is answered with `{"error": "why"}`; the others are answered all the same.
 */

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
	const batches: (readonly ModelEvent[])[] = [];
	const recording = await open(file);
	if ((await recording.stat()).isDirectory()) {
		await recording.close();
		throw new Error(`a directory, not a file: ${file}`);
	}
	for await (const piece of recording.createReadStream({ highWaterMark: pieceBytes }))
		batches.push(reader.push(piece));
	batches.push(reader.end());
	return replayOf(batches.flat());
}

async function replayBatch(): Promise<void> {
	for await (const line of createInterface({ input: process.stdin })) {
		if (line.trim() === "") continue;
		const answer = await replayLine(line).catch((error: unknown) => {
			process.exitCode = exitBadUsage;
			return { error: messageOf(error) };
		});
		console.log(JSON.stringify(answer));
	}
}

async function replayLine(line: string): Promise<ReplayResult> {
	const asked: unknown = JSON.parse(line);
	if (!isJsonObject(asked) || typeof asked["backend"] !== "string" || typeof asked["file"] !== "string")
		throw new Error(`not {"backend","file"}: ${line}`);
	return replay(asked["backend"], asked["file"]);
}

function messageOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
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
	console.error(messageOf(error));
	process.exitCode = exitBadUsage;
}
