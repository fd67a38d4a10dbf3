import { expect, test } from "vitest";
import type { ModelEvent } from "../../../src/backends/backend.ts";
import { replayOf } from "../../../src/backends/replay.ts";
import { readerFor } from "../../../src/backends/wire/readers.ts";
import type { ReadFrom } from "../../../src/backends/wire/reading.ts";
import type { WireName } from "../../../src/backends/wire/wire.ts";
import { fakeInteractions } from "../../support/fake-gemini-interactions.ts";
import { fakeResponses } from "../../support/fake-openai.ts";
import type { FakeWriter } from "../../support/fake-script.ts";
import { fed, streamed } from "./feed.ts";

/** Bodies that begin inside a response, of which all that came before was delivered. */

const usage = { input: 120, output: 60, cached: 100, reasoning: 20 };
const writers = {
	"openai-responses": fakeResponses.backgroundWriter ?? fakeResponses.writer,
	"gemini-interactions": fakeInteractions.writer,
} as const satisfies Partial<Record<WireName, (model: string, id: string) => FakeWriter>>;
type Wire = keyof typeof writers;
const wires: readonly Wire[] = ["openai-responses", "gemini-interactions"];

/** An answer of thoughts, words and two calls, which ends with the calls or with more words; one event a line. */
function bodyOf(wire: Wire, last: "calls" | "words"): readonly string[] {
	const writer = writers[wire]("model-1", "f1");
	const text = [
		writer.open(usage),
		...["So ", "the ", "sky."].map(writer.reasoning),
		...["I ", "look ", "at ", "both."].map(writer.text),
		...["sky", "sea"].map((at) => writer.tool({ name: "look", arguments: JSON.stringify({ at }) })),
		...(last === "words" ? ["More ", "later."].map(writer.text) : []),
		writer.finish(usage, "tools"),
	].join("");
	return text.split(/(?<=\n\n)/);
}

function eventsOf(wire: Wire, lines: readonly string[], from: ReadFrom | null = null): readonly ModelEvent[] {
	const reader = readerFor(wire, from);
	return [...reader.push(streamed(...lines)), ...reader.end()];
}

/** Everything but handles, which stand elsewhere in a body that begins elsewhere; pieces of one kind joined. */
function told(events: readonly ModelEvent[]) {
	const items = events.flatMap((event) => (event.type === "echo" ? [event.item] : []));
	const calls = events.flatMap((event) => (event.type === "tool_call" ? [event.call.id] : []));
	const shown = events.flatMap((event) => (event.type === "server_tool" ? [event.name] : []));
	return { ...replayOf(events), items, calls, shown };
}

function unfinished(events: readonly ModelEvent[]): readonly ModelEvent[] {
	return events.filter(({ type }) => type !== "failed" && type !== "end" && type !== "usage");
}

/** Every place at which a stream of this wire may be taken up, with what came up to it. */
function placesOf(
	wire: Wire,
	lines: readonly string[],
): readonly { from: ReadFrom; before: readonly ModelEvent[]; at: number }[] {
	return lines.slice(0, -2).flatMap((_, index) => {
		const at = index + 1;
		const before = unfinished(eventsOf(wire, lines.slice(0, at)));
		if (wire === "openai-responses") return [{ from: { handle: "resp_f1", cursor: `${index}` }, before, at }];
		const cursor = `ev_${index}`;
		const isCursor = before.some((event) => event.type === "handle" && event.cursor === cursor);
		return isCursor ? [{ from: { handle: "v1_f1", cursor }, before, at }] : [];
	});
}

const cases = wires.flatMap((wire) =>
	(["calls", "words"] as const).map((last): [Wire, "calls" | "words"] => [wire, last]),
);

test.each(cases)("%s: an answer that ends with %s comes to the same wherever it is taken up", (wire, last) => {
	const lines = bodyOf(wire, last);
	const whole = told(eventsOf(wire, lines));
	const places = placesOf(wire, lines);
	expect(places.length).toBeGreaterThan(3);
	for (const { from, before, at } of places)
		expect([at, told([...before, ...eventsOf(wire, lines.slice(at), from)])]).toEqual([at, whole]);
});

test.each(cases)("%s: an answer that ends with %s comes to the same though the host begins anew", (wire, last) => {
	const lines = bodyOf(wire, last);
	const whole = told(eventsOf(wire, lines));
	for (const { from, before, at } of placesOf(wire, lines)) {
		const { items, calls, ...rest } = told(voided([...before, ...eventsOf(wire, lines, from)]));
		expect([at, { ...rest, items, calls }]).toEqual([at, whole]);
	}
});

/** What a listener is left with. */
function voided(events: readonly ModelEvent[]): readonly ModelEvent[] {
	return events.slice(events.findLastIndex(({ type }) => type === "restart") + 1);
}

const whole = {
	"openai-responses": {
		id: "resp_f1",
		object: "response",
		background: true,
		status: "completed",
		output: [
			{ type: "message", id: "msg_1", role: "assistant", content: [{ type: "output_text", text: "Both." }] },
		],
	},
	"gemini-interactions": {
		id: "v1_f1",
		object: "interaction",
		status: "completed",
		steps: [{ type: "model_output", content: [{ type: "text", text: "Both." }] }],
	},
} as const satisfies Record<Wire, object>;

test.each(wires)("%s: a host that sends the whole answer at once begins anew", (wire) => {
	const reader = readerFor(wire, { handle: "h", cursor: wire === "openai-responses" ? "7" : "ev_7" });
	const events = [...reader.push(new TextEncoder().encode(JSON.stringify(whole[wire]))), ...reader.end()];
	expect(events.filter(({ type }) => type === "restart" || type === "text" || type === "end")).toEqual([
		{ type: "restart" },
		{ type: "text", text: "Both." },
		{ type: "end", stop: "end" },
	]);
});

test("a response whose events have no numbers is told of once, without a cursor", () => {
	const response = { id: "resp_1", background: true };
	const events = fed(
		"openai-responses",
		streamed(
			{ type: "response.created", response },
			{ type: "response.output_text.delta", output_index: 0, delta: "A" },
			{ type: "response.output_text.delta", output_index: 0, delta: "B" },
		),
	);
	expect(unfinished(events)).toEqual([
		{ type: "handle", handle: "resp_1", cursor: null },
		{ type: "text", text: "A" },
		{ type: "text", text: "B" },
	]);
});

test("no cursor stands inside an open step", () => {
	const event = (event_type: string, id: number, fields: object) => ({ event_type, event_id: `ev_${id}`, ...fields });
	const step = { type: "model_output" };
	const events = fed(
		"gemini-interactions",
		streamed(
			event("interaction.created", 0, { interaction: { id: "v1_1", status: "in_progress" } }),
			event("step.start", 1, { index: 0, step }),
			event("step.start", 2, { index: 1, step }),
			event("step.stop", 3, { index: 0 }),
			event("step.stop", 4, { index: 1 }),
		),
	);
	expect(events.filter(({ type }) => type === "handle")).toEqual([
		{ type: "handle", handle: "v1_1", cursor: null },
		{ type: "handle", handle: "v1_1", cursor: "ev_4" },
	]);
});

test("an item that was begun and closed behind the cursor is told whole, though no piece of it came", () => {
	const item = { type: "message", id: "msg_1", content: [{ type: "output_text", text: "Both." }] };
	const line = (type: string, fields: object) => `data: ${JSON.stringify({ type, output_index: 1, ...fields })}\n\n`;
	const events = eventsOf(
		"openai-responses",
		[
			line("response.output_item.added", { sequence_number: 9, item: { ...item, content: [] } }),
			line("response.output_item.done", { sequence_number: 10, item }),
		],
		{ handle: "resp_1", cursor: "8" },
	);
	expect(unfinished(events)).toEqual([
		{ type: "text", text: "Both." },
		{ type: "echo", item },
	]);
});

test("an answer too full of calls ends once, though they came before", () => {
	const call = { type: "function_call", name: "look", arguments: "{}" };
	const output = Array.from({ length: 257 }, (_, place) => ({ ...call, call_id: `c${place}` }));
	const response = { id: "resp_1", output };
	const events = eventsOf(
		"openai-responses",
		[`data: ${JSON.stringify({ type: "response.completed", sequence_number: 9, response })}\n\n`],
		{ handle: "resp_1", cursor: "8" },
	);
	expect(events.map(({ type }) => type).slice(-2)).toEqual(["failed", "end"]);
});
