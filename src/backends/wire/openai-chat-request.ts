import { unreachable } from "../../std/assert.ts";
import type {
	ChatCompletionContentPart,
	ChatCompletionCreateParamsStreaming,
	ChatCompletionFunctionTool,
	ChatCompletionMessageParam,
	ChatCompletionTool,
} from "openai/resources/chat/completions";
import type { Attachment, Message, ModelRequest, ToolCall, ToolSpec } from "../backend.ts";
import { builtBy, keptClients, once, recordedBy, recordingEach, type Built } from "../call/built.ts";
import type { Endpoint, Quirks } from "../hosts.ts";
import { askedServerTools } from "./asked-server-tools.ts";
import { attachmentParts, dataUrl } from "./attachments.ts";
import { withParams } from "./with-params.ts";

type Body = ChatCompletionCreateParamsStreaming;

/** The request as the SDK sends it, to be performed by us. */
export async function chatRequest(request: ModelRequest, endpoint: Endpoint): Promise<Built> {
	const client = (await openaiClients())(endpoint);
	const body = chatBody(request, endpoint);
	const { affinityHeader } = endpoint.quirks;
	const headers = affinityHeader === null ? {} : { [affinityHeader]: request.cacheKey };
	return builtBy((record) => client.chat.completions.create(body, { ...recordedBy(record), headers }).asResponse());
}

/** The body of a Chat Completions call, as every compatible host takes it. */
function chatBody(request: ModelRequest, endpoint: Endpoint): Body {
	const { quirks } = endpoint;
	const serverTools = askedServerTools(request, endpoint) as unknown as ChatCompletionTool[];
	const tools = [...request.tools.map(toolOf), ...serverTools];
	const body: Body = {
		model: request.model,
		messages: [
			...(request.system === ""
				? []
				: [{ role: "system", content: request.system } satisfies ChatCompletionMessageParam]),
			...joined(request.messages).flatMap(messagesOf),
		],
		...(tools.length === 0 ? {} : { tools, tool_choice: "auto" }),
		...(request.output === null ? {} : { response_format: { type: "json_schema", json_schema: request.output } }),
		[quirks.tokensField]: request.outputTokensMax,
		stream: true,
		...(quirks.usageAsked ? { stream_options: { include_usage: true } } : {}),
		...(quirks.parsedReasoning?.test(request.model) ? { reasoning_format: "parsed" } : {}),
	};
	return withParams(body, request.params);
}

/** OpenAI's client for any host, loaded when it is first used; it takes nothing from the process's own environment. */
export const openaiClients = once(async () => {
	const { default: Client } = await import("openai");
	const make = ({ key, baseUrl, quirks }: Endpoint) =>
		new Client({
			apiKey: key ?? "none",
			adminAPIKey: null,
			organization: null,
			project: null,
			baseURL: baseUrl,
			maxRetries: 0,
			logLevel: "off",
			defaultHeaders: keyHeaders(key, quirks),
			fetch: recordingEach,
		});
	// Kept apart, since one address may be reached with its key in either header.
	const kept = { usual: keptClients(make), "api-key": keptClients(make) };
	return (endpoint: Endpoint) => kept[endpoint.quirks.keyHeader](endpoint);
});

/** A server without keys must not be sent a made-up one; Azure takes a bearer token for one of its directory. */
function keyHeaders(key: string | null, { keyHeader }: Quirks): Record<string, string | null> {
	if (key === null) return { authorization: null };
	return keyHeader === "api-key" ? { authorization: null, "api-key": key } : {};
}

function toolOf(tool: ToolSpec): ChatCompletionFunctionTool {
	return {
		type: "function",
		function: { name: tool.name, description: tool.description, parameters: { ...tool.parameters } },
	};
}

/** The templates of many local models refuse two messages of the person in a row. */
function joined(messages: readonly Message[]): readonly Message[] {
	const merged: Message[] = [];
	for (const message of messages) {
		const last = merged.at(-1);
		if (message.role === "user" && last?.role === "user")
			merged[merged.length - 1] = {
				role: "user",
				text: `${last.text}\n\n${message.text}`,
				attachments: [...(last.attachments ?? []), ...(message.attachments ?? [])],
			};
		else merged.push(message);
	}
	return merged;
}

function messagesOf(message: Message): ChatCompletionMessageParam[] {
	switch (message.role) {
		case "user":
			return [{ role: "user", content: contentOf(message) }];
		case "assistant":
			// What this wire's reader yielded, the host's own reasoning fields included.
			if (message.echo.length > 0) return message.echo as unknown as ChatCompletionMessageParam[];
			return [
				{
					role: "assistant",
					content: message.text,
					...(message.toolCalls.length === 0 ? {} : { tool_calls: message.toolCalls.map(callOf) }),
				},
			];
		case "tool":
			return message.results.map((result) => ({ role: "tool", tool_call_id: result.id, content: result.text }));
		default:
			return unreachable(message);
	}
}

function callOf(call: ToolCall) {
	return {
		id: call.id,
		type: "function" as const,
		function: { name: call.name, arguments: JSON.stringify(call.arguments) },
	};
}

function contentOf({
	text,
	attachments = [],
}: Extract<Message, { role: "user" }>): string | ChatCompletionContentPart[] {
	if (attachments.length === 0) return text;
	return [...attachmentParts(attachments, contentParts), ...(text === "" ? [] : [contentParts.text(text)])];
}

const contentParts = {
	image: (attachment: Attachment): ChatCompletionContentPart => ({
		type: "image_url",
		image_url: { url: dataUrl(attachment) },
	}),
	pdf: (attachment: Attachment): ChatCompletionContentPart => ({
		type: "file",
		file: { filename: attachment.name, file_data: dataUrl(attachment) },
	}),
	text: (text: string): ChatCompletionContentPart => ({ type: "text", text }),
};
