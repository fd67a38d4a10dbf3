import { isJsonObject, type JsonObject } from "../../std/json.ts";
import { failureOf, makeFailure } from "../failure.ts";
import { alike, type Alike } from "./alike.ts";
import { anthropicMessages } from "./anthropic-messages.ts";
import { bodyOf, type BodySink } from "./body.ts";
import { geminiGenerate } from "./gemini-generate.ts";
import { geminiInteractions, isInteraction } from "./gemini-interactions.ts";
import { openaiChat } from "./openai-chat.ts";
import { openaiResponses } from "./openai-responses.ts";
import { finish, giveUp, newReading, type PayloadReader, type ReadFrom, type Reading } from "./reading.ts";
import type { WireName, WireReader } from "./wire.ts";
import { isWorkersAiAnswer, unwrapped, workersAiStream } from "./workers-ai-answer.ts";
import type { ModelEvent } from "../backend.ts";

/**
 * A reader for one response of this wire. A body of another wire's shape is read as what it is: hosts answer in a shape
 * of their own behind a common address, so the first payload that tells decides; `named` is for a body without any.
 * `from`: the body goes on after this place of a response that was begun elsewhere.
 */
export function readerFor(named: WireName, from: ReadFrom | null = null): WireReader {
	const reading = newReading(from);
	let wire: PayloadReader | null = null;
	let texts: Alike | null = null;

	function payload(read: JsonObject, data = ""): void {
		if (reading.ended) return;
		if (wire === null) {
			const reader = readerOfShape(read);
			// Of what has no wire's shape only an error means anything.
			if (reader === null)
				return isError(read) ? giveUp(reading, failureOf({ status: null, body: read })) : undefined;
			wire = reader(reading);
			texts = wire.plain === undefined ? null : alike(wire.plain);
		}
		wire.read(read);
		texts?.learn(data, read);
	}

	function whole(body: unknown): void {
		const payloads = (Array.isArray(body) ? body : [body]).filter(isJsonObject).map(unwrapped);
		for (const each of payloads) payload(each);
		if (wire === null && payloads.some(isComplaint)) giveUp(reading, failureOf({ status: null, body }));
	}

	function done(): void {
		if (reading.ended) return;
		wire ??= wires[named](reading);
		wire.done();
	}

	const known = (data: string): boolean => !reading.ended && texts !== null && texts.take(data);
	const run: BodySink["run"] = (events, one) =>
		reading.ended || texts === null ? events.from : texts.takeRun(events, one);
	const body = bodyOf({
		known,
		run,
		payload,
		whole,
		done,
		broken: (why) => giveUp(reading, makeFailure("bad_stream", why)),
	});

	function push(bytes: Uint8Array): readonly ModelEvent[] {
		if (!reading.ended) body.push(bytes);
		return taken(reading);
	}

	function end(): readonly ModelEvent[] {
		if (!reading.ended) body.end();
		wire?.flush();
		finish(reading);
		return taken(reading);
	}

	return { push, end };
}

type MakeReader = (reading: Reading) => PayloadReader;

const wires = {
	"anthropic-messages": anthropicMessages,
	"openai-responses": openaiResponses,
	"openai-chat": openaiChat,
	"gemini-generate": geminiGenerate,
	"gemini-interactions": geminiInteractions,
} as const satisfies Record<WireName, MakeReader>;

const anthropicTypes: ReadonlySet<string> = new Set([
	"message",
	"message_start",
	"message_delta",
	"message_stop",
	"content_block_start",
	"content_block_delta",
	"content_block_stop",
]);

function readerOfShape(payload: JsonObject): MakeReader | null {
	const wire = wireOfShape(payload);
	if (wire !== null) return wires[wire];
	return isWorkersAiAnswer(payload) && !isError(payload) ? workersAiStream : null;
}

function wireOfShape(payload: JsonObject): WireName | null {
	const type = payload["type"];
	if (typeof type === "string" && anthropicTypes.has(type)) return "anthropic-messages";
	if ((typeof type === "string" && type.startsWith("response.")) || payload["object"] === "response")
		return "openai-responses";
	if ("choices" in payload) return "openai-chat";
	if ("candidates" in payload || "promptFeedback" in payload || "usageMetadata" in payload) return "gemini-generate";
	if (typeof payload["event_type"] === "string" || isInteraction(payload)) return "gemini-interactions";
	return null;
}

function isError(payload: JsonObject): boolean {
	return payload["type"] === "error" || (payload["error"] ?? null) !== null;
}

/** Words of a gateway that answers with an error in no wire's shape. */
function isComplaint(body: JsonObject): boolean {
	return ["message", "detail", "errors"].some((name) => name in body);
}

function taken(reading: Reading): readonly ModelEvent[] {
	const events = reading.out;
	reading.out = [];
	return events;
}
