import type { JsonObject } from "../std/json.ts";
import type { CallId, FileRef } from "../consensus/events.ts";

/** A tool as a model sees it; `parameters` is a JSON Schema of type object. */
export type PromptTool = { readonly name: string; readonly description: string; readonly parameters: JsonObject };

/**
 * What stands in a request, in order. `reply` is what the model itself said in an earlier call of this round: the
 * ledger has it. `answer` follows it: told to every tool call of that reply, or as plain text if it made none. After a
 * reply that `paused` nothing follows, so that the model goes on; `answer` is for another model that takes over.
 * `attachments`: there only where there are some; the session has their bytes.
 */
export type PromptMessage =
	| { readonly role: "user"; readonly text: string; readonly attachments?: readonly FileRef[] }
	| { readonly role: "reply" | "paused"; readonly call: CallId; readonly answer: string };

/** Stable first, so that provider caches hit: tools, system, the task, then what changes. No clock in it. */
export type Prompt = {
	readonly system: string;
	readonly tools: readonly PromptTool[];
	readonly messages: readonly PromptMessage[];
};
