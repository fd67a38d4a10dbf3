import { expect, test } from "vitest";
import { readerFor } from "../../../src/backends/wire/readers.ts";
import { replayOf } from "../../../src/backends/replay.ts";
import type { ModelEvent } from "../../../src/backends/backend.ts";
import { hostRecordings, type HostRecording } from "./host-recordings.ts";
import { eventsOf, mutated, mutations } from "./mutations.ts";

const recordings = hostRecordings().map((recording): [string, HostRecording] => [recording.file, recording]);

/** Every body that differs from the recording in one value. */
function* variantsOf({ file, body }: HostRecording): Generator<string> {
	const text = new TextDecoder().decode(body);
	if (file.endsWith(".json")) {
		for (const payload of mutations(JSON.parse(text))) yield JSON.stringify(payload);
		return;
	}
	const events = eventsOf(text);
	const seen = new Set<string>();
	for (const [place, event] of events.entries()) {
		// Events of one kind differ in their words alone.
		const kind = event.replaceAll(/:"[^"]*"/g, ':""').replaceAll(/\d/g, "0");
		if (seen.has(kind)) continue;
		seen.add(kind);
		for (const changed of mutated(event)) yield events.with(place, changed).join("");
	}
}

test.each(recordings)("%s: any value replaced by any other, it ends once", (_, recording) => {
	const wrong: string[] = [];
	let variants = 0;
	for (const variant of variantsOf(recording)) {
		variants += 1;
		if (!endsOnce(recording, variant)) wrong.push(variant);
	}
	expect(variants).toBeGreaterThan(0);
	expect(wrong).toEqual([]);
});

/** The end is the last event, the only one, and the whole of it can be written to a log. */
function endsOnce({ wire }: HostRecording, body: string): boolean {
	const reader = readerFor(wire);
	const events: readonly ModelEvent[] = [...reader.push(new TextEncoder().encode(body)), ...reader.end()];
	JSON.stringify(replayOf(events));
	return events.filter(({ type }) => type === "end").length === 1 && events.at(-1)?.type === "end";
}
