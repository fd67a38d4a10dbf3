import type { FailureCode, StopReason } from "../backend.ts";

/** Why a model behind Chat Completions stopped; `failure` where that was no stop of the model's own. */
export type ChatStop = { readonly stop: StopReason; readonly failure: FailureCode | null };

/** Reads a `finish_reason`, whatever the host calls it; a word that nobody knows is an end. */
export function chatStopOf(reason: string): ChatStop {
	// Gemini's chat endpoint adds its own reason behind a colon and hosts differ in case.
	const [word = ""] = reason.toLowerCase().split(":");
	return { stop: stops.get(word) ?? "end", failure: failures.get(word) ?? null };
}

const stops: ReadonlyMap<string, StopReason> = new Map([
	["length", "length"],
	["max_tokens", "length"],
	["model_length", "length"],
	["model_context_window_exceeded", "context"],
	["content_filter", "refusal"],
	["sensitive", "refusal"],
	["refusal", "refusal"],
	["safety", "refusal"],
]);

// `error`: OpenRouter, Mistral, vLLM. `network_error`: GLM. `insufficient_system_resource`: DeepSeek. `abort`: vLLM and
// SGLang when they stop a run. The others are Gemini's, for a call that it could not read.
const failures: ReadonlyMap<string, FailureCode> = new Map([
	["error", "server"],
	["network_error", "server"],
	["abort", "server"],
	["insufficient_system_resource", "overloaded"],
	["function_call_filter", "bad_stream"],
	["malformed_function_call", "bad_stream"],
]);
