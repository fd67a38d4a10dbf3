import { isJsonObject, type Json, type JsonObject } from "../../src/std/json.ts";
import { flatText, sse, type FakeMessage, type FakeProtocol, type FakeWriter, type Refused } from "./fake-script.ts";

/** Gemini generateContent: bare data lines ended by CRLF, whole function calls with a thought signature, no end marker. */
export const fakeGemini: FakeProtocol = {
	view,
	writer,
	refusal,
	// Gemini has no retry header; the delay stands in the body.
	headers: () => ({}),
};

function view(body: JsonObject, path: string) {
	const tools = objectsIn(body["tools"]).flatMap((tool) => objectsIn(tool["functionDeclarations"]));
	return {
		model: /models\/([^:]+):/.exec(path)?.[1] ?? "",
		system: flatText(body["systemInstruction"]),
		messages: objectsIn(body["contents"]).flatMap(messagesIn),
		tools: tools.map((tool) => ({
			name: String(tool["name"]),
			parameters: tool["parametersJsonSchema"] ?? tool["parameters"],
		})),
	};
}

function messagesIn(content: JsonObject): FakeMessage[] {
	const parts = objectsIn(content["parts"]);
	if (content["role"] === "model") return [{ role: "assistant", text: flatText(parts) }];
	return parts.map((part) => ({ role: "functionResponse" in part ? "tool" : "user", text: flatText(part) }));
}

function objectsIn(list: Json | undefined): readonly JsonObject[] {
	return Array.isArray(list) ? list.filter(isJsonObject) : [];
}

function writer(model: string, id: string): FakeWriter {
	const tail = `"modelVersion":${JSON.stringify(model)},"responseId":"${id}"}`;
	const chunk = (parts: string, finish = ""): string =>
		crlf(`{"candidates":[{"content":{"parts":[${parts}],"role":"model"}${finish},"index":0}],${tail}`);
	let calls = 0;
	return {
		open: () => "",
		text: (piece) => chunk(`{"text":${JSON.stringify(piece)}}`),
		reasoning: (piece) => chunk(`{"text":${JSON.stringify(piece)},"thought":true}`),
		tool: (call) => {
			const signature = calls === 0 ? { thoughtSignature: "c2lnbmVk" } : {};
			calls += 1;
			const functionCall = { id: `fn_${id}_${calls}`, name: call.name, args: argumentsOf(call.arguments) };
			return chunk(JSON.stringify({ functionCall, ...signature }));
		},
		// Gemini says STOP also where it wants a tool run.
		finish: (usage) => {
			const counted = {
				promptTokenCount: usage.input,
				cachedContentTokenCount: usage.cached,
				candidatesTokenCount: usage.output - usage.reasoning,
				thoughtsTokenCount: usage.reasoning,
				totalTokenCount: usage.input + usage.output,
			};
			return crlf(
				`{"candidates":[{"content":{"parts":[{"text":""}],"role":"model"},"finishReason":"STOP","index":0}],"usageMetadata":${JSON.stringify(counted)},${tail}`,
			);
		},
	};
}

function crlf(payload: string): string {
	return sse(payload).replaceAll("\n", "\r\n");
}

/** Arguments are an object on this wire: text that is none goes out as the string it is. */
function argumentsOf(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return text;
	}
}

const statusNames: Readonly<Record<number, string>> = {
	400: "INVALID_ARGUMENT",
	401: "UNAUTHENTICATED",
	403: "PERMISSION_DENIED",
	404: "NOT_FOUND",
	429: "RESOURCE_EXHAUSTED",
	503: "UNAVAILABLE",
};

function refusal({ status, message, retryAfterSeconds }: Refused): JsonObject {
	const details =
		retryAfterSeconds === undefined
			? {}
			: {
					details: [
						{ "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: `${retryAfterSeconds}s` },
					],
				};
	return { error: { code: status, message, status: statusNames[status] ?? "INTERNAL", ...details } };
}
