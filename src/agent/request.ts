import type { JsonObject } from "../std/json.ts";
import { assert } from "../std/assert.ts";
import type { Message, ModelRequest, ToolCall } from "../backends/backend.ts";
import type { CallId } from "../consensus/events.ts";
import type { Limits } from "../consensus/team.ts";
import { userMessage, type FileOf } from "./attachments.ts";
import type { Prompt, PromptMessage } from "../prompts/prompt.ts";

/** The assistant's turn of a finished call, as it has to be sent back in the next call of the same round. */
export type Outcome = {
	readonly text: string;
	readonly toolCalls: readonly ToolCall[];
	readonly echo: readonly JsonObject[];
};

export type RequestSettings = {
	readonly model: string;
	readonly params: JsonObject;
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
	const { model, params, limits, cacheKey } = settings;
	return {
		model,
		params,
		cacheKey,
		system: prompt.system,
		tools: prompt.tools,
		serverTools: [],
		output: null,
		resumable: false,
		messages: prompt.messages.flatMap((message) =>
			message.role === "user" ? [userMessage(message, fileOf)] : messagesOf(message, outcomeOf),
		),
		outputTokensMax: limits.output_tokens_per_call,
		firstByteTimeoutMs: limits.first_byte_seconds * 1000,
		stallTimeoutMs: limits.stall_seconds * 1000,
	};
}

/** Every tool call of a reply gets a result, or a provider refuses the transcript; only the first one says it all. */
function messagesOf(
	message: Exclude<PromptMessage, { readonly role: "user" }>,
	outcomeOf: (call: CallId) => Outcome | null,
): readonly Message[] {
	const outcome = outcomeOf(message.call);
	assert(outcome !== null, `the ledger has the outcome of ${message.call}`);
	const said: Message = { role: "assistant", ...outcome };
	if (outcome.toolCalls.length === 0) return [said, { role: "user", text: message.answer }];
	const results = outcome.toolCalls.map(({ id, name }, i) => {
		const text = i === 0 ? message.answer : "See the result of the first call.";
		return { id, name, text, ok: false };
	});
	return [said, { role: "tool", results }];
}
