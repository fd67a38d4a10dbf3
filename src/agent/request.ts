import type { JsonObject } from "../std/json.ts";
import { assert } from "../std/assert.ts";
import { serverToolNames, type Message, type ModelRequest, type ToolCall } from "../backends/backend.ts";
import type { CallId, ModelName } from "../consensus/events.ts";
import type { Limits } from "../consensus/team.ts";
import { userMessage, type FileOf } from "./attachments.ts";
import type { Prompt, PromptMessage } from "../prompts/prompt.ts";

/**
 * The assistant's turn of a finished call, as it has to be sent back in the next call of the same round. `by`: who said
 * it; rows of releases that knew no fallback have none, and are the same model's.
 */
export type Outcome = {
	readonly text: string;
	readonly toolCalls: readonly ToolCall[];
	readonly echo: readonly JsonObject[];
	readonly by?: ModelName;
};

export type RequestSettings = {
	readonly backend: string;
	readonly model: string;
	readonly params: JsonObject;
	/** Names of tools; those that are no provider's own are not for it. */
	readonly tools: readonly string[];
	/** Whether the provider may keep the call, so that it can be taken up again. */
	readonly resume: boolean;
	readonly limits: Limits;
	/** Groups the calls that share a prefix: the session. */
	readonly cacheKey: string;
};

/**
 * A prompt as a request of the backend's port. `outcomeOf` finds what the model said in an earlier call of the round,
 * `fileOf` the pictures and documents of the turn.
 */
export function requestOf(
	prompt: Prompt,
	settings: RequestSettings,
	outcomeOf: (call: CallId) => Outcome | null,
	fileOf: FileOf,
): ModelRequest {
	const { model, params, tools, resume, limits, cacheKey } = settings;
	return {
		model,
		params,
		cacheKey,
		system: prompt.system,
		tools: prompt.tools,
		serverTools: serverToolNames.filter((name) => tools.includes(name)),
		output: null,
		resumable: resume,
		messages: prompt.messages.flatMap((message) =>
			message.role === "user" ? [userMessage(message, fileOf)] : messagesOf(message, settings, outcomeOf),
		),
		outputTokensMax: limits.output_tokens_per_call,
		firstByteTimeoutMs: limits.first_byte_seconds * 1000,
		stallTimeoutMs: limits.stall_seconds * 1000,
	};
}

/** Every tool call of a reply gets a result, or a provider refuses the transcript; only the first one says it all. */
function messagesOf(
	message: Exclude<PromptMessage, { readonly role: "user" }>,
	speaker: ModelName,
	outcomeOf: (call: CallId) => Outcome | null,
): readonly Message[] {
	const outcome = outcomeOf(message.call);
	assert(outcome !== null, `the ledger has the outcome of ${message.call}`);
	const { text: words, toolCalls } = outcome;
	const own = isBy(outcome, speaker);
	const echo = own ? outcome.echo : [];
	// Without its echo a turn of reasoning alone, or of a provider's own tools, has nothing in it, which providers refuse.
	const isEmpty = echo.length === 0 && words.trim() === "" && toolCalls.length === 0;
	const said: readonly Message[] = isEmpty ? [] : [{ role: "assistant", text: words, toolCalls, echo }];
	if (message.role === "paused" && own) return said;
	if (toolCalls.length === 0) return [...said, { role: "user", text: message.answer }];
	const results = toolCalls.map(({ id, name }, i) => {
		const text = i === 0 ? message.answer : "See the result of the first call.";
		return { id, name, text, ok: false };
	});
	return [...said, { role: "tool", results }];
}

/** Whether this model said it: what is in a provider's own format must reach no other (signatures, encrypted items). */
function isBy({ by }: Outcome, { backend, model }: ModelName): boolean {
	return by === undefined || (by.backend === backend && by.model === model);
}
