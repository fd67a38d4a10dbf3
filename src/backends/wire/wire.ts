import type { ModelEvent } from "../backend.ts";

export type WireName =
	| "anthropic-messages"
	| "openai-responses"
	| "openai-chat"
	| "gemini-generate"
	| "gemini-interactions";

/**
 * Reads the body of one response, in pieces cut anywhere. `push` and `end` return what the bytes so far have brought;
 * after `end` exactly one `end` event has been yielded. Never throws: what cannot be read is a `failed` of `bad_stream`.
 * Streamed (SSE) and whole (JSON) bodies, and error bodies, are told apart by their bytes.
 */
export type WireReader = {
	readonly push: (bytes: Uint8Array) => readonly ModelEvent[];
	readonly end: () => readonly ModelEvent[];
};
