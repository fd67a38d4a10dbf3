import { expect, test } from "vitest";
import type { ModelEvent } from "../../../src/backends/backend.ts";
import { openBlocksMax } from "../../../src/backends/wire/anthropic-blocks.ts";
import { bodyBytesMax } from "../../../src/backends/wire/body.ts";
import { openStepsMax } from "../../../src/backends/wire/gemini-interactions.ts";
import { argumentsCharsMax } from "../../../src/backends/wire/json-arguments.ts";
import { readerFor } from "../../../src/backends/wire/readers.ts";
import { toolCallsMax } from "../../../src/backends/wire/reading.ts";
import { sseCharsMax } from "../../../src/backends/wire/sse.ts";
import type { WireName } from "../../../src/backends/wire/wire.ts";
import { fed, streamed } from "./feed.ts";

type Outcome = { calls: number; code: string | null; stop: string | null };

function outcomeOf(events: readonly ModelEvent[]): Outcome {
	const outcome: Outcome = { calls: 0, code: null, stop: null };
	for (const event of events) {
		if (event.type === "tool_call") outcome.calls += 1;
		if (event.type === "failed") outcome.code = event.failure.code;
		if (event.type === "end") outcome.stop = event.stop;
	}
	return outcome;
}

const times = <T>(count: number, make: (index: number) => T): T[] =>
	Array.from({ length: count }, (_, index) => make(index));
const argumentsOfLength = (chars: number): string => `{"a":"${"x".repeat(chars - 8)}"}`;

const anthropicStart = { type: "message_start", message: { content: [], usage: {} } };
const anthropicCall = (index: number, json: string): object[] => [
	{ type: "content_block_start", index, content_block: { type: "tool_use", id: `t${index}`, name: "f", input: {} } },
	{ type: "content_block_delta", index, delta: { type: "input_json_delta", partial_json: json.slice(0, 5) } },
	{ type: "content_block_delta", index, delta: { type: "input_json_delta", partial_json: json.slice(5) } },
	{ type: "content_block_stop", index },
];
const responsesCall = (index: number, json: string): object => ({
	type: "response.output_item.done",
	output_index: index,
	item: { type: "function_call", call_id: `c${index}`, name: "f", arguments: json },
});
const chatCall = (index: number, json: string): object => ({
	choices: [
		{ index: 0, delta: { tool_calls: [{ index, id: `c${index}`, function: { name: "f", arguments: json } }] } },
	],
});
const interactionCall = (index: number, json: string): object[] => [
	{ event_type: "step.start", index, step: { type: "function_call", id: `f${index}`, name: "f", arguments: {} } },
	{ event_type: "step.delta", index, delta: { type: "arguments_delta", arguments: json } },
	{ event_type: "step.stop", index },
];

/** A body with this many calls, each with these arguments. */
const bodies: Record<WireName, (calls: number, json: string) => Uint8Array> = {
	"anthropic-messages": (calls, json) =>
		streamed(anthropicStart, ...times(calls, (index) => anthropicCall(index, json)).flat(), {
			type: "message_stop",
		}),
	"openai-responses": (calls, json) =>
		streamed(...times(calls, (index) => responsesCall(index, json)), {
			type: "response.completed",
			response: { status: "completed" },
		}),
	"openai-chat": (calls, json) =>
		streamed(
			...times(calls, (index) => chatCall(index, json)),
			{ choices: [{ index: 0, delta: {}, finish_reason: "stop" }] },
			"data: [DONE]\n\n",
		),
	"gemini-generate": (calls, json) => {
		const parts = times(calls, () => [
			{ functionCall: { name: "f", willContinue: true } },
			{ functionCall: { partialArgs: [{ jsonPath: "$.a", stringValue: json.slice(0, 5) }], willContinue: true } },
			{ functionCall: { partialArgs: [{ jsonPath: "$.a", stringValue: json.slice(5) }] } },
		]);
		return streamed({ candidates: [{ content: { parts: parts.flat() }, finishReason: "STOP" }] });
	},
	"gemini-interactions": (calls, json) =>
		streamed(...times(calls, (index) => interactionCall(index, json)).flat(), {
			event_type: "interaction.completed",
			interaction: { status: "completed" },
		}),
};

const wireNames: readonly WireName[] = [
	"anthropic-messages",
	"openai-responses",
	"openai-chat",
	"gemini-generate",
	"gemini-interactions",
];

test.each(wireNames)("%s: as many calls as allowed are read, one more is a bad stream", (wire) => {
	expect(outcomeOf(fed(wire, bodies[wire](toolCallsMax, "{}")))).toEqual({
		calls: toolCallsMax,
		code: null,
		stop: "tools",
	});
	const { code, stop } = outcomeOf(fed(wire, bodies[wire](toolCallsMax + 1, "{}")));
	expect({ code, stop }).toEqual({ code: "bad_stream", stop: "error" });
});

test.each(wireNames)("%s: ten thousand calls at once end as one failure", (wire) => {
	const events = fed(wire, bodies[wire](10_000, "{}"));
	expect(
		events.filter((event) => event.type === "end" || event.type === "failed").map((event) => event.type),
	).toEqual(["failed", "end"]);
	expect(outcomeOf(events).calls).toBeLessThanOrEqual(toolCallsMax);
});

test.each(wireNames)("%s: arguments as long as allowed are read, longer ones are too large", (wire) => {
	expect(outcomeOf(fed(wire, bodies[wire](1, argumentsOfLength(argumentsCharsMax))))).toEqual({
		calls: 1,
		code: null,
		stop: "tools",
	});
	expect(outcomeOf(fed(wire, bodies[wire](1, argumentsOfLength(argumentsCharsMax + 1))))).toEqual({
		calls: 0,
		code: "output_too_large",
		stop: "error",
	});
});

type Opening = { wire: WireName; openMax: number; open: (index: number) => object; last: object };

test.each<[string, Opening]>([
	[
		"content blocks",
		{
			wire: "anthropic-messages",
			openMax: openBlocksMax,
			open: (index) => ({ type: "content_block_start", index, content_block: { type: "text", text: "" } }),
			last: { type: "message_stop" },
		},
	],
	[
		"steps",
		{
			wire: "gemini-interactions",
			openMax: openStepsMax,
			open: (index) => ({ event_type: "step.start", index, step: { type: "model_output" } }),
			last: { event_type: "interaction.completed", interaction: { status: "completed" } },
		},
	],
])("only so many %s may be open", (_, { wire, openMax, open, last }) => {
	expect(outcomeOf(fed(wire, streamed(...times(openMax, open), last)))).toEqual({
		calls: 0,
		code: null,
		stop: "end",
	});
	expect(outcomeOf(fed(wire, streamed(...times(openMax + 1, open), last)))).toEqual({
		calls: 0,
		code: "bad_stream",
		stop: "error",
	});
});

test("a line of a stream may be so long and no longer", () => {
	const around = streamed({ choices: [{ delta: { content: "" }, finish_reason: "stop" }] }).length - "\n\n".length;
	const line = (chars: number): Uint8Array =>
		streamed({ choices: [{ delta: { content: "x".repeat(chars - around) }, finish_reason: "stop" }] });
	expect(outcomeOf(fed("openai-chat", line(sseCharsMax), 65_536))).toEqual({ calls: 0, code: null, stop: "end" });
	expect(outcomeOf(fed("openai-chat", line(sseCharsMax + 1), 65_536))).toEqual({
		calls: 0,
		code: "bad_stream",
		stop: "error",
	});
});

test("a body may be so large and no larger", () => {
	const last = streamed({ choices: [{ delta: {}, finish_reason: "stop" }] });
	const comment = new TextEncoder().encode(`:${"x".repeat(1022)}\n`);
	const outcomeAt = (bytes: number): Outcome => {
		const reader = readerFor("openai-chat");
		const events: ModelEvent[] = [];
		let left = bytes - last.length;
		for (; left >= comment.length; left -= comment.length) events.push(...reader.push(comment));
		events.push(...reader.push(new Uint8Array(left).fill(0x0a)), ...reader.push(last));
		return outcomeOf([...events, ...reader.end()]);
	};
	expect(outcomeAt(bodyBytesMax)).toEqual({ calls: 0, code: null, stop: "end" });
	expect(outcomeAt(bodyBytesMax + 1)).toEqual({ calls: 0, code: "bad_stream", stop: "error" });
});
