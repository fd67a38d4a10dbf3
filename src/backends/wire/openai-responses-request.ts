import { unreachable } from "../../std/assert.ts";
import type { Responses } from "openai/resources/responses/responses";
import type { Attachment, Message, ModelRequest, ToolSpec } from "../backend.ts";
import { builtBy, recordedBy, type Built } from "../call/built.ts";
import type { Endpoint } from "../hosts.ts";
import { askedIncludes, askedServerTools } from "./asked-server-tools.ts";
import { attachmentParts, dataUrl } from "./attachments.ts";
import { endedByBreakpoint } from "./cache-breakpoint.ts";
import { listOf } from "./fields.ts";
import { openaiClients } from "./openai-chat-request.ts";
import { isStrictSchema } from "./strict-schema.ts";
import { withParams } from "./with-params.ts";

type Body = Responses.ResponseCreateParamsStreaming;
type Item = Responses.ResponseInputItem;
type Content = Responses.ResponseInputContent;

/** The request as the SDK sends it, to be performed by us. Nothing is stored there. */
export function responsesRequest(request: ModelRequest, endpoint: Endpoint): Promise<Built> {
	return creation({ ...responsesBody(request, endpoint), store: false }, request, endpoint);
}

/** The same as a response that is stored, and goes on when its connection is lost. */
export function backgroundRequest(request: ModelRequest, endpoint: Endpoint): Promise<Built> {
	return creation({ ...responsesBody(request, endpoint), background: true, store: true }, request, endpoint);
}

async function creation(body: Body, { params }: ModelRequest, endpoint: Endpoint): Promise<Built> {
	const client = (await openaiClients())(endpoint);
	const { include, ...others } = params;
	// A list of theirs stands beside ours already; an empty one is for servers that refuse ours.
	const whole = withParams(body, listOf(include).length > 0 ? others : params);
	return builtBy((record) => client.responses.create(whole, recordedBy(record)).asResponse());
}

const cacheKeyCharactersMax = 64;

/** The body of a Responses call, without the params. Reasoning comes encrypted and goes back as it came, stored or not. */
function responsesBody(request: ModelRequest, endpoint: Endpoint): Body {
	const serverTools = askedServerTools(request, endpoint) as unknown as Responses.Tool[];
	const tools = [...request.tools.map(toolOf), ...serverTools];
	const items = request.messages.flatMap(itemsOf);
	const include = includesOf(request, endpoint);
	return {
		model: request.model,
		...(request.system === "" ? {} : { instructions: request.system }),
		input: endpoint.quirks.cacheBreakpoints?.test(request.model) ? endedByBreakpoint(items) : items,
		...(tools.length === 0 ? {} : { tools, tool_choice: "auto" }),
		...(request.output === null ? {} : { text: { format: formatOf(request.output) } }),
		max_output_tokens: request.outputTokensMax,
		prompt_cache_key: request.cacheKey.slice(0, cacheKeyCharactersMax),
		...(include.length === 0 ? {} : { include }),
		stream: true,
	};
}

/** What the answer is to have in it beyond the usual: what its echo needs, what shows the host's own tools, what is asked for. */
export function includesOf(request: ModelRequest, endpoint: Endpoint): Responses.ResponseIncludable[] {
	const isEncrypted = endpoint.quirks.encryptedReasoning?.test(request.model) ?? false;
	const encrypted = isEncrypted ? ["reasoning.encrypted_content"] : [];
	const includes = [...encrypted, ...askedIncludes(request, endpoint), ...listOf(request.params["include"])];
	return [...new Set(includes)] as Responses.ResponseIncludable[];
}

function formatOf({ name, schema }: NonNullable<ModelRequest["output"]>): Responses.ResponseFormatTextJSONSchemaConfig {
	return { type: "json_schema", name, schema: { ...schema }, strict: isStrictSchema(schema) };
}

/** Not strict: strict mode forbids optional keys, and our schemas are checked on arrival anyway. */
function toolOf(tool: ToolSpec): Responses.FunctionTool {
	return {
		type: "function",
		name: tool.name,
		description: tool.description,
		parameters: { ...tool.parameters },
		strict: false,
	};
}

function itemsOf(message: Message): Item[] {
	switch (message.role) {
		case "user":
			return [{ role: "user", content: contentOf(message) }];
		case "assistant":
			// What this wire's reader yielded: each reasoning item must precede the item it belongs to.
			if (message.echo.length > 0) return message.echo as unknown as Item[];
			return [
				...(message.text === "" ? [] : [{ role: "assistant", content: message.text } satisfies Item]),
				...message.toolCalls.map((call): Item => ({
					type: "function_call",
					call_id: call.id,
					name: call.name,
					arguments: JSON.stringify(call.arguments),
				})),
			];
		case "tool":
			return message.results.map((result): Item => ({
				type: "function_call_output",
				call_id: result.id,
				output: result.text,
			}));
		default:
			return unreachable(message);
	}
}

function contentOf({ text, attachments = [] }: Extract<Message, { role: "user" }>): string | Content[] {
	if (attachments.length === 0) return text;
	return [...attachmentParts(attachments, attachmentContent), ...(text === "" ? [] : [attachmentContent.text(text)])];
}

const attachmentContent = {
	image: (attachment: Attachment): Content => ({
		type: "input_image",
		image_url: dataUrl(attachment),
		detail: "auto",
	}),
	pdf: (attachment: Attachment): Content => ({
		type: "input_file",
		filename: attachment.name,
		file_data: dataUrl(attachment),
	}),
	text: (text: string): Content => ({ type: "input_text", text }),
};
