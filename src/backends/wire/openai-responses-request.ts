import { unreachable } from "../../std/assert.ts";
import type { Responses } from "openai/resources/responses/responses";
import type { Message, ModelRequest, ToolSpec } from "../backend.ts";
import { builtBy, recordedBy, type Built } from "../built.ts";
import type { Endpoint, Quirks } from "../hosts.ts";
import { endedByBreakpoint } from "./cache-breakpoint.ts";
import { openaiClients } from "./openai-chat-request.ts";

type Body = Responses.ResponseCreateParamsStreaming;
type Item = Responses.ResponseInputItem;

/** The request as the SDK sends it, to be performed by us. */
export async function responsesRequest(request: ModelRequest, endpoint: Endpoint): Promise<Built> {
	const client = (await openaiClients())(endpoint);
	const body = responsesBody(request, endpoint.quirks);
	return builtBy((record) => client.responses.create(body, recordedBy(record)).asResponse());
}

const cacheKeyCharactersMax = 64;

/** The body of a Responses call. Nothing is stored there, so reasoning comes encrypted and goes back as it came. */
function responsesBody(request: ModelRequest, quirks: Quirks): Body {
	const items = request.messages.flatMap(itemsOf);
	const body: Body = {
		model: request.model,
		...(request.system === "" ? {} : { instructions: request.system }),
		input: quirks.cacheBreakpoints?.test(request.model) ? endedByBreakpoint(items) : items,
		...(request.tools.length === 0 ? {} : { tools: request.tools.map(toolOf), tool_choice: "auto" }),
		max_output_tokens: request.outputTokensMax,
		prompt_cache_key: request.cacheKey.slice(0, cacheKeyCharactersMax),
		store: false,
		...(quirks.encryptedReasoning?.test(request.model) ? { include: ["reasoning.encrypted_content"] } : {}),
		stream: true,
	};
	return Object.assign(body, request.params);
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
			return [{ role: "user", content: message.text }];
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
