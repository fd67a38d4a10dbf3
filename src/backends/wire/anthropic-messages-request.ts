import { unreachable } from "../../std/assert.ts";
import type Anthropic from "@anthropic-ai/sdk";
import type { Attachment, Message, ModelRequest } from "../backend.ts";
import { builtBy, keptClients, once, recordedBy, recordingEach, type Built } from "../call/built.ts";
import type { Endpoint } from "../hosts.ts";
import { askedServerTools } from "./asked-server-tools.ts";
import { attachmentParts } from "./attachments.ts";
import { withParams } from "./with-params.ts";

type Body = Anthropic.MessageCreateParamsStreaming;
type Block = Anthropic.ContentBlockParam;

/** The request as the SDK sends it, to be performed by us. */
export async function anthropicRequest(request: ModelRequest, endpoint: Endpoint): Promise<Built> {
	const client = (await clients())(endpoint);
	const body = anthropicBody(request, endpoint, await formatOf(request.output));
	return builtBy((record) => client.messages.create(body, recordedBy(record)).asResponse());
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
function anthropicBody(request: ModelRequest, endpoint: Endpoint, format: Format): Body {
	const serverTools = askedServerTools(request, endpoint) as unknown as Anthropic.ToolUnion[];
	const tools = [...toolsOf(request), ...serverTools];
	const body: Body = {
		model: request.model,
		max_tokens: request.outputTokensMax,
		stream: true,
		...(request.system === ""
			? {}
			: { system: [{ type: "text", text: request.system, cache_control: ephemeral }] }),
		...(tools.length === 0 ? {} : { tools, tool_choice: { type: "auto" } }),
		...format,
		messages: messagesOf(request.messages),
	};
	return withParams(body, request.params);
}

const ephemeral: Anthropic.CacheControlEphemeral = { type: "ephemeral" };

type Format = Pick<Body, "output_config">;

/** The API refuses words of JSON Schema that it cannot hold a model to; the SDK puts those into descriptions. */
async function formatOf(output: ModelRequest["output"]): Promise<Format> {
	if (output === null) return {};
	const { transformJSONSchema } = await import("@anthropic-ai/sdk/lib/transform-json-schema");
	return { output_config: { format: { type: "json_schema", schema: transformJSONSchema(output.schema) } } };
}

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
	// A paused turn stands last and goes back as it came.
	markEnd(merged.findLast(({ role }) => role === "user")?.content ?? []);
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
			return [...attachmentParts(message.attachments ?? [], attachmentBlocks), ...textBlocks(message.text)];
		case "assistant":
			// What this wire's reader yielded, thinking and signatures included, goes back as it came.
			if (message.echo.length > 0) return message.echo as unknown as Block[];
			return [
				...textBlocks(message.text),
				...message.toolCalls.map((call): Block => ({
					type: "tool_use",
					id: plainId(call.id),
					name: call.name,
					input: call.arguments,
				})),
			];
		case "tool":
			return message.results.map((result): Block => ({
				type: "tool_result",
				tool_use_id: plainId(result.id),
				content: result.text,
				...(result.ok ? {} : { is_error: true }),
			}));
		default:
			return unreachable(message);
	}
}

const attachmentBlocks = {
	image: ({ mediaType, base64 }: Attachment): Block => ({
		type: "image",
		source: { type: "base64", media_type: mediaType as Anthropic.Base64ImageSource["media_type"], data: base64 },
	}),
	pdf: ({ name, base64 }: Attachment): Block => ({
		type: "document",
		source: { type: "base64", media_type: "application/pdf", data: base64 },
		title: name,
	}),
	text: (text: string): Block => ({ type: "text", text }),
};

/** The API's own ids are of this kind; those of other hosts (`functions.vote:0`) may not be, and would be refused. */
function plainId(id: string): string {
	return id.replaceAll(/[^\w-]/g, "_");
}

/** An empty text block is refused by the API. */
function textBlocks(text: string): Block[] {
	return text.trim() === "" ? [] : [{ type: "text", text }];
}
