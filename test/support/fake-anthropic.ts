import { isJsonObject, type Json, type JsonObject } from "../../src/std/json.ts";
import {
	flatText,
	sse,
	type FakeMessage,
	type FakeProtocol,
	type FakeWriter,
	type FullUsage,
	type Refused,
} from "./fake-script.ts";

/** Anthropic Messages, as its stream really looks: numbered blocks of three kinds between start and stop. */
export const fakeAnthropic: FakeProtocol = { view, writer, refusal, headers: retryHeaders };

function view(body: JsonObject) {
	const tools = Array.isArray(body["tools"]) ? body["tools"].filter(isJsonObject) : [];
	const messages = Array.isArray(body["messages"]) ? body["messages"].filter(isJsonObject) : [];
	return {
		model: String(body["model"]),
		system: flatText(body["system"]),
		messages: messages.flatMap(messagesIn),
		tools: tools.map((tool) => ({ name: String(tool["name"]), parameters: tool["input_schema"] })),
	};
}

function messagesIn(message: JsonObject): FakeMessage[] {
	if (message["role"] === "assistant") return [{ role: "assistant", text: flatText(message["content"]) }];
	const content = message["content"];
	const blocks: readonly Json[] = Array.isArray(content) ? content : [content ?? ""];
	return blocks.map((block) => ({
		role: isJsonObject(block) && block["type"] === "tool_result" ? "tool" : "user",
		text: flatText(block),
	}));
}

function writer(model: string, id: string): FakeWriter {
	let index = -1;
	let kind: "none" | "text" | "thinking" | "tool_use" = "none";
	const close = (): string => {
		if (kind === "none") return "";
		const signature =
			kind === "thinking" ? delta(index, `{"type":"signature_delta","signature":"c2lnbmVk${index}"}`) : "";
		kind = "none";
		return `${signature}${sse(`{"type":"content_block_stop","index":${index}}`, "content_block_stop")}`;
	};
	const begin = (next: typeof kind, block: JsonObject): string => {
		if (kind === next && next !== "tool_use") return "";
		const closed = close();
		kind = next;
		index += 1;
		return `${closed}${sse(JSON.stringify({ type: "content_block_start", index, content_block: block }), "content_block_start")}`;
	};
	return {
		open: (counted) => {
			const usage = { ...inputOf(counted), output_tokens: 1 };
			const message = {
				id: `msg_${id}`,
				type: "message",
				role: "assistant",
				model,
				content: [],
				stop_reason: null,
				stop_sequence: null,
				usage,
			};
			return (
				sse(JSON.stringify({ type: "message_start", message }), "message_start") +
				sse('{"type":"ping"}', "ping")
			);
		},
		text: (piece) =>
			begin("text", { type: "text", text: "" }) +
			delta(index, `{"type":"text_delta","text":${JSON.stringify(piece)}}`),
		reasoning: (piece) =>
			begin("thinking", { type: "thinking", thinking: "", signature: "" }) +
			delta(index, `{"type":"thinking_delta","thinking":${JSON.stringify(piece)}}`),
		tool: (call) => {
			const started = begin("tool_use", {
				type: "tool_use",
				id: `toolu_${id}_${index + 1}`,
				name: call.name,
				input: {},
			});
			const half = Math.ceil(call.arguments.length / 2);
			const pieces = ["", call.arguments.slice(0, half), call.arguments.slice(half)];
			return (
				started +
				pieces
					.map((piece) => delta(index, `{"type":"input_json_delta","partial_json":${JSON.stringify(piece)}}`))
					.join("")
			);
		},
		finish: (usage, stop) => {
			const counted = {
				...inputOf(usage),
				output_tokens: usage.output,
				output_tokens_details: { thinking_tokens: usage.reasoning },
			};
			const reason = { stop_reason: stop === "tools" ? "tool_use" : "end_turn", stop_sequence: null };
			return (
				close() +
				sse(JSON.stringify({ type: "message_delta", delta: reason, usage: counted }), "message_delta") +
				sse('{"type":"message_stop"}', "message_stop")
			);
		},
	};
}

function inputOf({ input, cached, written = 0 }: FullUsage): JsonObject {
	return {
		input_tokens: input - cached - written,
		cache_creation_input_tokens: written,
		cache_read_input_tokens: cached,
	};
}

function delta(index: number, payload: string): string {
	return sse(`{"type":"content_block_delta","index":${index},"delta":${payload}}`, "content_block_delta");
}

const errorTypes: Readonly<Record<number, string>> = {
	400: "invalid_request_error",
	401: "authentication_error",
	403: "permission_error",
	404: "not_found_error",
	429: "rate_limit_error",
	529: "overloaded_error",
};

function refusal({ status, message }: Refused): JsonObject {
	return { type: "error", error: { type: errorTypes[status] ?? "api_error", message }, request_id: "req_fake" };
}

/** Anthropic and the OpenAI-like hosts tell in a header when to come back. */
export function retryHeaders(retryAfterSeconds: number | undefined): Record<string, string> {
	return retryAfterSeconds === undefined ? {} : { "retry-after": String(retryAfterSeconds) };
}
