import type { Interactions } from "@google/genai";
import { unreachable } from "../../std/assert.ts";
import type { JsonObject } from "../../std/json.ts";
import type {
	Attachment,
	Message,
	ModelRequest,
	ResumePoint,
	ServerTool,
	ToolCall,
	ToolResult,
	ToolSpec,
} from "../backend.ts";
import type { Built } from "../call/built.ts";
import type { Endpoint } from "../hosts.ts";
import { offeredServerTools } from "./asked-server-tools.ts";
import { attachmentParts } from "./attachments.ts";
import { builtByGemini } from "./gemini-client.ts";
import { isInteractionsStep } from "./gemini-echo.ts";
import { interactionsParams } from "./gemini-interactions-params.ts";

type Body = Interactions.InteractionCreateParams.CreateModelInteractionParamsStreaming;
type Step = Interactions.Step;
type Content = NonNullable<Interactions.UserInputStep["content"]>[number];

/**
 * The request for an interaction that is stored, and goes on when its connection is lost.
 * https://ai.google.dev/gemini-api/docs/background-execution
 */
export function interactionsRequest(request: ModelRequest, endpoint: Endpoint): Promise<Built> {
	return builtByGemini(endpoint, ({ interactions }) => interactions.create(interactionsBody(request, endpoint)));
}

/** Asks for the rest of an interaction, or for all of it. */
export function interactionsResumption({ handle, cursor }: ResumePoint, endpoint: Endpoint): Promise<Built> {
	const query = { stream: true as const, ...(cursor === null ? {} : { last_event_id: cursor }) };
	return builtByGemini(endpoint, ({ interactions }) => interactions.get(handle, query));
}

/** Ends an interaction that goes on in the background. */
export function interactionsCancellation(handle: string, endpoint: Endpoint): Promise<Built> {
	return builtByGemini(endpoint, ({ interactions }) => interactions.cancel(handle));
}

/** The body of an interaction. The whole transcript is in it, so that none depends on one that may be gone by then. */
function interactionsBody(request: ModelRequest, endpoint: Endpoint): Body {
	const tools = [
		...request.tools.map(toolOf),
		...offeredServerTools(request, endpoint).map((tool) => serverToolEntries[tool]),
	];
	return {
		model: request.model,
		...(request.system === "" ? {} : { system_instruction: request.system }),
		input: request.messages.flatMap(stepsOf),
		...(tools.length === 0 ? {} : { tools }),
		...(request.output === null ? {} : { response_format: formatOf(request.output) }),
		generation_config: { max_output_tokens: request.outputTokensMax, ...interactionsParams(request) },
		stream: true,
		background: true,
		store: true,
	};
}

function toolOf({ name, description, parameters }: ToolSpec): Interactions.Function {
	return { type: "function", name, description, parameters };
}

/** What is on offer at this host in its other protocol is on offer here. */
const serverToolEntries = {
	web_search: { type: "google_search" },
	code_execution: { type: "code_execution" },
	web_fetch: { type: "url_context" },
} as const satisfies Record<ServerTool, Interactions.Tool>;

function formatOf({ schema }: NonNullable<ModelRequest["output"]>): NonNullable<Body["response_format"]> {
	return { type: "text", mime_type: "application/json", schema: { ...schema } };
}

function stepsOf(message: Message): readonly Step[] {
	switch (message.role) {
		case "user":
			return [{ type: "user_input", content: contentOf(message) }];
		case "assistant":
			return message.echo.length > 0 && message.echo.every(isInteractionsStep)
				? echoed(message.echo)
				: rebuilt(message);
		case "tool":
			return message.results.map(resultOf);
		default:
			return unreachable(message);
	}
}

function contentOf({ text, attachments = [] }: Extract<Message, { role: "user" }>): Content[] {
	const parts = attachmentParts<Content>(attachments, {
		image: (image) => ({ type: "image", ...inline(image) }),
		pdf: (pdf) => ({ type: "document", ...inline(pdf) }),
		text: (block) => ({ type: "text", text: block }),
	});
	return [...parts, ...(text === "" && parts.length > 0 ? [] : [{ type: "text" as const, text }])];
}

function inline({ mediaType, base64 }: Attachment) {
	return { mime_type: mediaType, data: base64 };
}

/** What this wire's reader yielded. */
function echoed(echo: readonly JsonObject[]): readonly Step[] {
	return echo as unknown as readonly Step[];
}

function rebuilt({ text, toolCalls }: Extract<Message, { role: "assistant" }>): readonly Step[] {
	const said: Step = { type: "model_output", content: [{ type: "text", text }] };
	return [...(text === "" && toolCalls.length > 0 ? [] : [said]), ...toolCalls.map(callOf)];
}

function callOf({ id, name, arguments: given }: ToolCall): Step {
	return { type: "function_call", id, name, arguments: { ...given } };
}

function resultOf({ id, name, text, ok }: ToolResult): Step {
	return { type: "function_result", call_id: id, name, result: text, ...(ok ? {} : { is_error: true }) };
}
