import type { JsonObject } from "../../std/json.ts";
import type { ServerTool } from "../backend.ts";

/** How a host is asked to run one of its own tools. */
type Offer = {
	/** What stands for it in the list of tools of a request. */
	readonly entry: JsonObject;
	/** The models that take it beside tools of ours, which every agent has. */
	readonly models: RegExp;
	/** Responses only: what a request must include to be told what the tool put out. */
	readonly include?: string;
};
type Offers = Readonly<Partial<Record<ServerTool, Offer>>>;

// None of them needs a beta header. Claude 3 has the search alone, and is served no longer.
const claude = /^claude-(?!\d|instant)/;
const gpt = /^(gpt-4o|gpt-4\.1|gpt-[5-9]|o3|o4)/;
// The smallest ones run code only. https://developers.openai.com/api/docs/guides/tools-web-search
const searchingGpt = /^(gpt-4o|gpt-4\.1(?!-nano)|gpt-[5-9]|o3(?!-mini)|o4)/;
const grok = /^grok-[4-9]/;
// Before Gemini 3 a request with both kinds of tools is refused; its models for pictures and speech call no functions.
// https://ai.google.dev/gemini-api/docs/tool-combination
const gemini = /^gemini-([3-9]|\d\d)(?!.*-(image|tts|live|audio))/;
const anyModel = /^/;

/** By backend. What is not here is not on offer: nobody has found how to ask for it beside tools of ours. */
const offers: Readonly<Record<string, Offers>> = {
	// https://platform.claude.com/docs/en/agents-and-tools/tool-use/tool-reference
	// The oldest versions: newer ones let code of the model's call the others, which then needs the container again.
	anthropic: {
		web_search: { entry: { type: "web_search_20250305", name: "web_search" }, models: claude },
		code_execution: { entry: { type: "code_execution_20250825", name: "code_execution" }, models: claude },
		web_fetch: { entry: { type: "web_fetch_20250910", name: "web_fetch" }, models: claude },
	},
	openai: {
		web_search: { entry: { type: "web_search" }, models: searchingGpt },
		code_execution: {
			entry: { type: "code_interpreter", container: { type: "auto" } },
			models: gpt,
			include: "code_interpreter_call.outputs",
		},
	},
	// https://docs.x.ai/developers/tools/overview
	xai: {
		web_search: { entry: { type: "web_search" }, models: grok },
		code_execution: { entry: { type: "code_interpreter" }, models: grok },
	},
	gemini: {
		web_search: { entry: { googleSearch: {} }, models: gemini },
		code_execution: { entry: { codeExecution: {} }, models: gemini },
		web_fetch: { entry: { urlContext: {} }, models: gemini },
	},
	// https://openrouter.ai/docs/guides/features/server-tools: run by OpenRouter itself, for every model that calls tools.
	openrouter: {
		web_search: { entry: { type: "openrouter:web_search" }, models: anyModel },
		web_fetch: { entry: { type: "openrouter:web_fetch" }, models: anyModel },
	},
};

/** What asks this model for a tool of its host's own; null where that is not on offer. */
export function serverToolEntry(backend: string, model: string, tool: ServerTool): JsonObject | null {
	const offer = offers[backend]?.[tool];
	return offer?.models.test(model) ? offer.entry : null;
}

/** What `include` of a Responses call must name for this tool; null where nothing is needed. */
export function serverToolInclude(backend: string, tool: ServerTool): string | null {
	return offers[backend]?.[tool]?.include ?? null;
}

/** Whether any model of this host takes the tool. */
export function offersServerTool(backend: string, tool: ServerTool): boolean {
	return offers[backend]?.[tool] !== undefined;
}
