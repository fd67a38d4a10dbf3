import type { JsonObject } from "../std/json.ts";
import type { ServerTool } from "./backend.ts";

/** How a host is asked to run one of its own tools. */
type Offer = {
	/** What stands for it in the list of tools of a request. */
	readonly entry: JsonObject;
	/** The models that take it beside tools of ours, which every agent has. */
	readonly models: RegExp;
};
type Offers = Readonly<Partial<Record<ServerTool, Offer>>>;

const claude = /^claude-(?!\d|instant)/;
const gpt = /^(gpt-4o|gpt-4\.1|gpt-[5-9]|o[34])/;
const grok = /^grok-[4-9]/;
// Before Gemini 3 a request with both kinds of tools is refused.
const gemini = /^gemini-([3-9]|\d\d)/;

/** By backend. What is not here is not on offer. */
const offers: Readonly<Record<string, Offers>> = {
	anthropic: {
		web_search: { entry: { type: "web_search_20250305", name: "web_search" }, models: claude },
		code_execution: { entry: { type: "code_execution_20250825", name: "code_execution" }, models: claude },
		web_fetch: { entry: { type: "web_fetch_20250910", name: "web_fetch" }, models: claude },
	},
	openai: {
		web_search: { entry: { type: "web_search" }, models: gpt },
		code_execution: { entry: { type: "code_interpreter", container: { type: "auto" } }, models: gpt },
	},
	xai: {
		web_search: { entry: { type: "web_search" }, models: grok },
		code_execution: { entry: { type: "code_interpreter" }, models: grok },
	},
	gemini: {
		web_search: { entry: { googleSearch: {} }, models: gemini },
		code_execution: { entry: { codeExecution: {} }, models: gemini },
		web_fetch: { entry: { urlContext: {} }, models: gemini },
	},
};

/** What asks this model for a tool of its host's own; null where that is not on offer. */
export function serverToolEntry(backend: string, model: string, tool: ServerTool): JsonObject | null {
	const offer = offers[backend]?.[tool];
	return offer?.models.test(model) ? offer.entry : null;
}

/** Whether any model of this host takes the tool. */
export function offersServerTool(backend: string, tool: ServerTool): boolean {
	return offers[backend]?.[tool] !== undefined;
}
