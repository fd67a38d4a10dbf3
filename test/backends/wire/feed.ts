import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ModelEvent } from "../../../src/backends/backend.ts";
import { readerFor } from "../../../src/backends/wire/readers.ts";
import type { WireName } from "../../../src/backends/wire/wire.ts";

/** Where a recording of ours is, or a folder of them. */
export function recordingPath(name: string): string {
	return join(import.meta.dirname, "../../fixtures/wire", name);
}

/** Its bytes. */
export function recording(name: string): Uint8Array {
	return readFileSync(recordingPath(name));
}

/** A streamed body with these payloads; text stands as it is. */
export function streamed(...payloads: readonly unknown[]): Uint8Array {
	const lines = payloads.map((payload) =>
		typeof payload === "string" ? payload : `data: ${JSON.stringify(payload)}\n\n`,
	);
	return new TextEncoder().encode(lines.join(""));
}

/** Everything a reader makes of a body that arrives in pieces of this size. */
export function fed(wire: WireName, body: Uint8Array, pieceBytes: number = body.length): readonly ModelEvent[] {
	const reader = readerFor(wire);
	const events: ModelEvent[] = [];
	for (let at = 0; at < body.length; at += pieceBytes)
		events.push(...reader.push(body.subarray(at, at + pieceBytes)));
	return [...events, ...reader.end()];
}
