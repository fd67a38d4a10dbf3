import { isJsonObject, type JsonObject } from "../std/json.ts";
import { takesBaseUrl } from "./endpoint.ts";
import type { BackendSpec, Host, HostWire, SpecProblem } from "./hosts.ts";
import { modelParamsProblem } from "./models/model-params.ts";

/** What is wrong with an agent's params for this host and model; null if they can be merged into its requests. */
export function paramsProblem(host: Host, spec: BackendSpec): SpecProblem | null {
	const { base_url: _, ...rest } = spec.params;
	const fault = wireFault(host.wire, takesBaseUrl(host) ? rest : spec.params);
	return fault ?? modelParamsProblem(host, spec);
}

/** Params that may lower the team's limit on output, never raise it. */
export const tokensParams: Record<HostWire, readonly string[]> = {
	"anthropic-messages": ["max_tokens"],
	"openai-responses": ["max_output_tokens"],
	"openai-chat": ["max_tokens", "max_completion_tokens"],
	"gemini-generate": ["maxOutputTokens"],
};

/** Whether a param can bound the output. */
export function isCount(value: unknown): value is number {
	return typeof value === "number" && Number.isSafeInteger(value) && value > 0;
}

/** Made by us from the team, the prompt and the protocol: nobody is ever forced to call a tool. */
const reserved: Record<HostWire, readonly string[]> = {
	"anthropic-messages": ["system", "output_format"],
	"openai-responses": ["input", "instructions", "previous_response_id", "conversation"],
	"openai-chat": ["n", "stream_options", "response_format", "functions", "function_call"],
	"gemini-generate": [
		"contents",
		"systemInstruction",
		"toolConfig",
		"candidateCount",
		"generationConfig",
		"responseMimeType",
		"responseSchema",
		"responseJsonSchema",
	],
};
/** Ours in a field whose other keys the person may set: the form of an answer follows from the agent's schema. */
const reservedWithin: Record<HostWire, Readonly<Record<string, string>>> = {
	"anthropic-messages": { output_config: "format" },
	"openai-responses": { text: "format" },
	"openai-chat": {},
	"gemini-generate": {},
};
const reservedEverywhere = ["model", "messages", "tools", "tool_choice", "stream"];

const refused: ReadonlyMap<string, string> = new Map([
	[
		"base_url",
		"only openai-chat, openai-responses and anthropic-messages take a base_url; for other hosts set NAME_BASE_URL",
	],
	["api_key", "keys come from settings, never from a team"],
	["api_key_env", "keys come from settings, never from a team"],
	["background", "whether a call goes on when its connection is lost is set by the agent's `resume`"],
]);

function wireFault(wire: HostWire, params: JsonObject): SpecProblem | null {
	for (const [key, value] of Object.entries(params)) {
		const path = `params.${key}`;
		const message = refused.get(key);
		if (message !== undefined) return { path, message };
		if (reservedEverywhere.includes(key) || reserved[wire].includes(key)) return ofTheTeam(key);
		const within = reservedWithin[wire][key];
		if (within !== undefined && isJsonObject(value) && within in value) return ofTheTeam(`${key}.${within}`);
		if (tokensParams[wire].includes(key) && !isCount(value))
			return { path, message: `${key} must be a whole number above 0` };
	}
	return wire === "anthropic-messages" ? thinkingFault(params) : null;
}

function ofTheTeam(key: string): SpecProblem {
	return { path: `params.${key}`, message: `${key} is set by the team itself and cannot be a param` };
}

const thinkingTokensMin = 1024;

/** The API refuses a smaller budget, and one that leaves nothing to say, which would show only once a session runs. */
function thinkingFault({ thinking, max_tokens: bound }: JsonObject): SpecProblem | null {
	if (!isJsonObject(thinking) || thinking["type"] !== "enabled") return null;
	const path = "params.thinking.budget_tokens";
	const budget = thinking["budget_tokens"];
	if (!isCount(budget) || budget < thinkingTokensMin)
		return { path, message: `budget_tokens must be a whole number of at least ${thinkingTokensMin}` };
	if (!isCount(bound) || budget < bound) return null;
	return { path, message: `budget_tokens must stay below max_tokens, which is ${bound}` };
}
