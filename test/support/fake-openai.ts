import { isJsonObject, type Json, type JsonObject } from "../../src/std/json.ts";
import { retryHeaders } from "./fake-anthropic.ts";
import {
	flatText,
	sse,
	type FakeMessage,
	type FakeProtocol,
	type FakeWriter,
	type FullUsage,
	type Refused,
} from "./fake-script.ts";

/** Chat Completions, as OpenAI streams it: usage in a last chunk without choices, then `[DONE]`. */
export const fakeChat: FakeProtocol = { view: chatView, writer: chatWriter, refusal, headers: retryHeaders };

/** OpenAI Responses: numbered events, each item added, filled and done. */
export const fakeResponses: FakeProtocol = {
	view: responsesView,
	writer: (model, id) => responsesWriter(model, id, { store: false }),
	backgroundWriter: (model, id) => responsesWriter(model, id, { background: true, store: true }),
	refusal,
	headers: retryHeaders,
};

function chatView(body: JsonObject) {
	const messages = objectsIn(body["messages"]);
	return {
		model: String(body["model"]),
		system: messages
			.filter((message) => message["role"] === "system")
			.map((message) => flatText(message["content"]))
			.join("\n"),
		messages: messages.filter((message) => message["role"] !== "system").map(messageIn),
		tools: objectsIn(body["tools"])
			.map((tool) => (isJsonObject(tool["function"]) ? tool["function"] : {}))
			.map(toolIn),
	};
}

function responsesView(body: JsonObject) {
	const items =
		typeof body["input"] === "string" ? [{ role: "user", content: body["input"] }] : objectsIn(body["input"]);
	return {
		model: String(body["model"]),
		system: flatText(body["instructions"]),
		messages: items.filter((item) => item["type"] !== "reasoning").map(messageIn),
		tools: objectsIn(body["tools"]).map(toolIn),
	};
}

function messageIn(item: JsonObject): FakeMessage {
	if (item["role"] === "user") return { role: "user", text: flatText(item["content"]) };
	if (item["role"] === "tool" || item["type"] === "function_call_output")
		return { role: "tool", text: flatText(item["content"] ?? item["output"]) };
	return { role: "assistant", text: flatText(item["content"]) };
}

function toolIn(tool: JsonObject) {
	return { name: String(tool["name"]), parameters: tool["parameters"] };
}

function objectsIn(list: Json | undefined): readonly JsonObject[] {
	return Array.isArray(list) ? list.filter(isJsonObject) : [];
}

function chatWriter(model: string, id: string): FakeWriter {
	const head = `{"id":"chatcmpl-${id}","object":"chat.completion.chunk","created":1780000000,"model":${JSON.stringify(model)},"service_tier":"default","choices":`;
	const chunk = (delta: string, finish = "null"): string =>
		sse(`${head}[{"index":0,"delta":${delta},"logprobs":null,"finish_reason":${finish}}],"usage":null}`);
	let calls = 0;
	return {
		open: () => chunk('{"role":"assistant","content":"","refusal":null}'),
		text: (piece) => chunk(`{"content":${JSON.stringify(piece)}}`),
		reasoning: (piece) => chunk(`{"reasoning_content":${JSON.stringify(piece)}}`),
		tool: (call) => {
			const index = calls;
			calls += 1;
			const half = Math.ceil(call.arguments.length / 2);
			const pieces = [call.arguments.slice(0, half), call.arguments.slice(half)];
			const first = {
				tool_calls: [
					{
						index,
						id: `call_${id}_${index}`,
						type: "function",
						function: { name: call.name, arguments: "" },
					},
				],
			};
			return [first, ...pieces.map((piece) => ({ tool_calls: [{ index, function: { arguments: piece } }] }))]
				.map((delta) => chunk(JSON.stringify(delta)))
				.join("");
		},
		finish: (usage, stop) => {
			const counted = {
				prompt_tokens: usage.input,
				completion_tokens: usage.output,
				total_tokens: usage.input + usage.output,
				prompt_tokens_details: { cached_tokens: usage.cached },
				completion_tokens_details: { reasoning_tokens: usage.reasoning },
			};
			return `${chunk("{}", stop === "tools" ? '"tool_calls"' : '"stop"')}${sse(`${head}[],"usage":${JSON.stringify(counted)}}`)}${sse("[DONE]")}`;
		},
	};
}

type OpenItem = { readonly kind: "message" | "reasoning"; readonly id: string };

function responsesWriter(model: string, id: string, kept: JsonObject): FakeWriter {
	let sequence = 0;
	let index = -1;
	let text = "";
	let current: OpenItem | null = null;
	const output: JsonObject[] = [];
	const event = (type: string, fields: JsonObject): string =>
		sse(JSON.stringify({ type, sequence_number: sequence++, ...fields }), type);
	const response = (status: string, usage: JsonObject | null): JsonObject => ({
		id: `resp_${id}`,
		object: "response",
		created_at: 1780000000,
		status,
		error: null,
		incomplete_details: null,
		model,
		output: [...output],
		...kept,
		usage,
	});
	const at = (item: string): JsonObject => ({ item_id: item, output_index: index });
	const added = (item: JsonObject): string => {
		index += 1;
		return event("response.output_item.added", { output_index: index, item });
	};
	const done = (item: JsonObject): string => {
		output.push(item);
		return event("response.output_item.done", { output_index: index, item });
	};
	const begin = (kind: OpenItem["kind"]): string => {
		if (current?.kind === kind) return "";
		const closed = close();
		current = { kind, id: `${kind === "message" ? "msg" : "rs"}_${id}_${index + 1}` };
		if (kind === "reasoning")
			return `${closed}${added(reasoningItem(current.id, ""))}${event("response.reasoning_summary_part.added", { ...at(current.id), summary_index: 0, part: { type: "summary_text", text: "" } })}`;
		const started = added({
			id: current.id,
			type: "message",
			status: "in_progress",
			role: "assistant",
			content: [],
		});
		return `${closed}${started}${event("response.content_part.added", { ...at(current.id), content_index: 0, part: textPart("") })}`;
	};
	const close = (): string => {
		if (current === null) return "";
		const { kind, id: item } = current;
		const whole = text;
		current = null;
		text = "";
		if (kind === "reasoning") {
			return (
				event("response.reasoning_summary_text.done", { ...at(item), summary_index: 0, text: whole }) +
				event("response.reasoning_summary_part.done", {
					...at(item),
					summary_index: 0,
					part: { type: "summary_text", text: whole },
				}) +
				done(reasoningItem(item, whole))
			);
		}
		const ended =
			event("response.output_text.done", { ...at(item), content_index: 0, text: whole, logprobs: [] }) +
			event("response.content_part.done", { ...at(item), content_index: 0, part: textPart(whole) });
		return (
			ended +
			done({ id: item, type: "message", status: "completed", role: "assistant", content: [textPart(whole)] })
		);
	};
	// A delta is the hot path: its fixed parts are written out.
	const delta = (type: string, part: string, piece: string): string => {
		const item = current?.id ?? "";
		text += piece;
		return sse(
			`{"type":"${type}","sequence_number":${sequence++},"item_id":"${item}","output_index":${index},${part},"delta":${JSON.stringify(piece)}}`,
			type,
		);
	};
	return {
		open: () =>
			(kept["background"] === true
				? event("response.created", { response: response("queued", null) }) +
					event("response.queued", { response: response("queued", null) })
				: event("response.created", { response: response("in_progress", null) })) +
			event("response.in_progress", { response: response("in_progress", null) }),
		text: (piece) =>
			begin("message") + delta("response.output_text.delta", '"content_index":0,"logprobs":[]', piece),
		reasoning: (piece) =>
			begin("reasoning") + delta("response.reasoning_summary_text.delta", '"summary_index":0', piece),
		tool: (call) => {
			const closed = close();
			const item = {
				id: `fc_${id}_${index + 1}`,
				type: "function_call",
				call_id: `call_${id}_${index + 1}`,
				name: call.name,
			};
			const started = added({ ...item, status: "in_progress", arguments: "" });
			const half = Math.ceil(call.arguments.length / 2);
			const pieces = [call.arguments.slice(0, half), call.arguments.slice(half)].map((piece) =>
				event("response.function_call_arguments.delta", { ...at(item.id), delta: piece }),
			);
			const ended = event("response.function_call_arguments.done", { ...at(item.id), arguments: call.arguments });
			return `${closed}${started}${pieces.join("")}${ended}${done({ ...item, status: "completed", arguments: call.arguments })}`;
		},
		finish: (usage) =>
			close() + event("response.completed", { response: response("completed", responsesUsage(usage)) }),
	};
}

function reasoningItem(id: string, summary: string): JsonObject {
	return {
		id,
		type: "reasoning",
		encrypted_content: `encrypted-${id}`,
		summary: summary === "" ? [] : [{ type: "summary_text", text: summary }],
	};
}

function textPart(text: string): JsonObject {
	return { type: "output_text", annotations: [], logprobs: [], text };
}

function responsesUsage(usage: FullUsage): JsonObject {
	return {
		input_tokens: usage.input,
		input_tokens_details: {
			cached_tokens: usage.cached,
			...(usage.written ? { cache_write_tokens: usage.written } : {}),
		},
		output_tokens: usage.output,
		output_tokens_details: { reasoning_tokens: usage.reasoning },
		total_tokens: usage.input + usage.output,
	};
}

const errorCodes: Readonly<Record<number, readonly [string, string]>> = {
	401: ["invalid_request_error", "invalid_api_key"],
	404: ["invalid_request_error", "model_not_found"],
	429: ["requests", "rate_limit_exceeded"],
};

function refusal({ status, message }: Refused): JsonObject {
	const [type, code] = errorCodes[status] ?? [status < 500 ? "invalid_request_error" : "server_error", null];
	return { error: { message, type, param: null, code } };
}
