import { isJsonObject, type Json, type JsonObject } from "../../src/std/json.ts";
import { fakeGemini } from "./fake-gemini.ts";
import { flatText, sse, type FakeMessage, type FakeProtocol, type FakeWriter } from "./fake-script.ts";

/** Gemini's Interactions API: numbered events, each step started, filled and stopped, `[DONE]` at the end. */
export const fakeInteractions: FakeProtocol = {
	view,
	writer,
	refusal: fakeGemini.refusal,
	headers: fakeGemini.headers,
};

function view(body: JsonObject) {
	return {
		model: String(body["model"]),
		system: flatText(body["system_instruction"]),
		messages: objectsIn(body["input"]).flatMap(messagesIn),
		tools: objectsIn(body["tools"])
			.filter((tool) => tool["type"] === "function")
			.map((tool) => ({ name: String(tool["name"]), parameters: tool["parameters"] })),
	};
}

function messagesIn(step: JsonObject): FakeMessage[] {
	if (step["type"] === "user_input") return [{ role: "user", text: flatText(step["content"]) }];
	if (step["type"] === "function_result") return [{ role: "tool", text: flatText(step["result"]) }];
	return step["type"] === "thought" ? [] : [{ role: "assistant", text: flatText(step["content"]) }];
}

function objectsIn(list: Json | undefined): readonly JsonObject[] {
	return Array.isArray(list) ? list.filter(isJsonObject) : [];
}

type StepType = "thought" | "model_output";

function writer(model: string, id: string): FakeWriter {
	let events = 0;
	let index = -1;
	let calls = 0;
	let current: StepType | null = null;
	const event = (type: string, fields: JsonObject): string =>
		sse(JSON.stringify({ event_type: type, event_id: `ev_${events++}`, ...fields }), type);
	const interaction = (status: string, more: JsonObject = {}): JsonObject => ({
		interaction: { id: `v1_${id}`, object: "interaction", model, status, ...more },
	});
	const start = (step: JsonObject): string => {
		index += 1;
		return event("step.start", { index, step });
	};
	const delta = (fields: JsonObject): string => event("step.delta", { index, delta: fields });
	const close = (): string => {
		const closed = current;
		current = null;
		if (closed === null) return "";
		const signed = closed === "thought" ? delta({ type: "thought_signature", signature: "c2lnbmVk" }) : "";
		return signed + event("step.stop", { index });
	};
	const begin = (type: StepType): string => {
		if (current === type) return "";
		const closed = close();
		current = type;
		return closed + start({ type });
	};
	return {
		open: () =>
			event("interaction.created", interaction("in_progress")) +
			event("interaction.status_update", { interaction_id: `v1_${id}`, status: "in_progress" }),
		text: (piece) => begin("model_output") + delta({ type: "text", text: piece }),
		reasoning: (piece) =>
			begin("thought") + delta({ type: "thought_summary", content: { type: "text", text: piece } }),
		tool: (call) => {
			calls += 1;
			const half = Math.ceil(call.arguments.length / 2);
			const pieces = [call.arguments.slice(0, half), call.arguments.slice(half)];
			return [
				close(),
				start({ type: "function_call", id: `fn_${id}_${calls}`, name: call.name, arguments: {} }),
				...pieces.map((piece) => delta({ type: "arguments_delta", arguments: piece })),
				event("step.stop", { index }),
			].join("");
		},
		finish: (usage, stop) => {
			const counted = {
				total_input_tokens: usage.input,
				total_cached_tokens: usage.cached,
				total_output_tokens: usage.output - usage.reasoning,
				total_thought_tokens: usage.reasoning,
				total_tool_use_tokens: 0,
				total_tokens: usage.input + usage.output,
			};
			const status = stop === "tools" ? "requires_action" : "completed";
			return (
				close() +
				event("interaction.completed", interaction(status, { usage: counted })) +
				sse("[DONE]", "done")
			);
		},
	};
}
