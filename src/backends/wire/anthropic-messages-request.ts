import { unreachable } from "../../std/assert.ts";
import type Anthropic from "@anthropic-ai/sdk";
import type { Message, ModelRequest } from "../backend.ts";
import { builtBy, keptClients, once, recordedBy, recordingEach, type Built } from "../built.ts";
import type { Endpoint } from "../hosts.ts";

type Body = Anthropic.MessageCreateParamsStreaming;
type Block = Anthropic.ContentBlockParam;

/** The request as the SDK sends it, to be performed by us. */
export async function anthropicRequest(request: ModelRequest, endpoint: Endpoint): Promise<Built> {
	const client = (await clients())(endpoint);
	return builtBy((record) => client.messages.create(anthropicBody(request), recordedBy(record)).asResponse());
}

/** The SDK is loaded when it is first used. */
const clients = once(async () => {
	const { default: Client } = await import("@anthropic-ai/sdk");
	return keptClients(
		({ key, baseUrl }) =>
			new Client({
				apiKey: key,
				authToken: null,
				baseURL: baseUrl,
				maxRetries: 0,
				logLevel: "off",
				// The SDK sends the key as a bearer token since 1.0; gateways and compatible servers read `x-api-key`, as does the API.
				defaultHeaders: { authorization: null, "x-api-key": key },
				fetch: recordingEach,
			}),
	);
});

/**
 * The body of a Messages call. Three cache breakpoints (of at most four): the system prompt with the tools before it and
 * the task, which a team's agents share, and the end of the transcript, which only grows within a round.
 */
function anthropicBody(request: ModelRequest): Body {
	const body: Body = {
		model: request.model,
		max_tokens: request.outputTokensMax,
		stream: true,
		...(request.system === ""
			? {}
			: { system: [{ type: "text", text: request.system, cache_control: ephemeral }] }),
		...(request.tools.length === 0 ? {} : { tools: toolsOf(request), tool_choice: { type: "auto" } }),
		messages: messagesOf(request.messages),
	};
	return Object.assign(body, request.params);
}

const ephemeral: Anthropic.CacheControlEphemeral = { type: "ephemeral" };

/** A breakpoint at the end of the system prompt, which comes after the tools, is theirs as well. */
function toolsOf({ tools, system }: ModelRequest): Anthropic.Tool[] {
	return tools.map((tool, index) => ({
		name: tool.name,
		description: tool.description,
		input_schema: { ...tool.parameters, type: "object" },
		...(system === "" && index === tools.length - 1 ? { cache_control: ephemeral } : {}),
	}));
}

/** All results of one turn must stand in one user message, so neighbours of one role are merged. */
function messagesOf(messages: readonly Message[]): Anthropic.MessageParam[] {
	const merged: { role: "user" | "assistant"; content: Block[] }[] = [];
	for (const message of messages) {
		const role = message.role === "assistant" ? "assistant" : "user";
		const blocks = blocksOf(message);
		const last = merged.at(-1);
		if (last === undefined && message.role === "user") markEnd(blocks);
		if (last?.role === role) last.content.push(...blocks);
		else if (blocks.length > 0) merged.push({ role, content: [...blocks] });
	}
	markEnd(merged.at(-1)?.content ?? []);
	return merged;
}

function markEnd(blocks: Block[]): void {
	const last = blocks.at(-1);
	if (last?.type === "text" || last?.type === "tool_result")
		blocks[blocks.length - 1] = { ...last, cache_control: ephemeral };
}

function blocksOf(message: Message): Block[] {
	switch (message.role) {
		case "user":
			return textBlocks(message.text);
		case "assistant":
			// What this wire's reader yielded, thinking and signatures included, goes back as it came.
			if (message.echo.length > 0) return message.echo as unknown as Block[];
			return [
				...textBlocks(message.text),
				...message.toolCalls.map((call): Block => ({
					type: "tool_use",
					id: call.id,
					name: call.name,
					input: call.arguments,
				})),
			];
		case "tool":
			return message.results.map((result): Block => ({
				type: "tool_result",
				tool_use_id: result.id,
				content: result.text,
				...(result.ok ? {} : { is_error: true }),
			}));
		default:
			return unreachable(message);
	}
}

/** An empty text block is refused by the API. */
function textBlocks(text: string): Block[] {
	return text.trim() === "" ? [] : [{ type: "text", text }];
}
