import type { JsonObject } from "../std/json.ts";

/** Why a call failed. The code follows from the body's own words first, then from the status. */
export type FailureCode =
	| "rate_limited"
	| "overloaded"
	| "server"
	| "bad_stream"
	| "network"
	| "first_byte_timeout"
	| "stall_timeout"
	| "auth"
	| "bad_request"
	| "not_found"
	| "context_length"
	| "content_filtered"
	| "quota"
	| "output_too_large"
	| "repetition";

/** `message` is for people: no key, no URL with credentials, at most 500 characters. */
export type Failure = {
	readonly code: FailureCode;
	readonly retryable: boolean;
	readonly retryAfterMs: number | null;
	readonly message: string;
};

/**
 * Tokens. `input` includes cached ones, `output` includes reasoning; null where the provider did not say. `written`: the
 * part of `input` that was written to a cache, there only where the provider counts it.
 */
export type Usage = {
	readonly input: number | null;
	readonly output: number | null;
	readonly cached: number | null;
	readonly reasoning: number | null;
	readonly written?: number;
};

/** Why the model stopped. `cut`: the body ended without the protocol's terminal marker. */
export type StopReason = "end" | "tools" | "length" | "refusal" | "pause" | "context" | "error" | "cut";

/** One finished call of a tool that we run. Arguments that are no JSON object arrive as `{__unparsed: "as received"}`. */
export type ToolCall = { readonly id: string; readonly name: string; readonly arguments: JsonObject };

/**
 * What every backend yields, whatever its wire. A stream ends with exactly one `end`; a `failed` before it says why a
 * stop is `error` or `cut`. Text and reasoning come in pieces, everything else whole.
 */
export type ModelEvent =
	| { readonly type: "text"; readonly text: string }
	| { readonly type: "reasoning"; readonly text: string }
	| { readonly type: "tool_call"; readonly call: ToolCall }
	/** A tool the provider ran by itself (search, code, MCP): shown, never answered. */
	| { readonly type: "server_tool"; readonly name: string; readonly arguments: JsonObject }
	/** What came of it, as text for people; `ok` false where the tool failed. */
	| { readonly type: "server_tool_result"; readonly name: string; readonly ok: boolean; readonly text: string }
	/** A picture the model made, whole. */
	| { readonly type: "image"; readonly mediaType: string; readonly base64: string }
	| { readonly type: "citation"; readonly url: string; readonly title: string }
	/** Where a lost call can be taken up again. */
	| { readonly type: "handle"; readonly handle: string; readonly cursor: string | null }
	| { readonly type: "usage"; readonly usage: Usage }
	/** One item of the assistant's turn in the wire's own format, to be sent back verbatim in the same round. */
	| { readonly type: "echo"; readonly item: JsonObject }
	/** The provider began its answer anew: everything yielded so far is void. */
	| { readonly type: "restart" }
	| { readonly type: "failed"; readonly failure: Failure }
	| { readonly type: "end"; readonly stop: StopReason };

/** A tool as the model sees it. `parameters` is a JSON Schema of type object. */
export type ToolSpec = { readonly name: string; readonly description: string; readonly parameters: JsonObject };

export type ToolResult = {
	readonly id: string;
	readonly name: string;
	readonly text: string;
	readonly ok: boolean;
};

/** A picture or document that the person sent. `base64` without line breaks, `mediaType` as in RFC 6838. */
export type Attachment = { readonly name: string; readonly mediaType: string; readonly base64: string };

/** Tools that a provider runs on its own side, by our names for them. */
export const serverToolNames = ["web_search", "code_execution", "web_fetch"] as const;
export type ServerTool = (typeof serverToolNames)[number];

/**
 * A neutral transcript. `echo` holds the assistant's turn in the wire's own format (complete, in order); where it is
 * empty a wire rebuilds the turn from `text` and `toolCalls`.
 */
export type Message =
	| { readonly role: "user"; readonly text: string; readonly attachments?: readonly Attachment[] }
	| {
			readonly role: "assistant";
			readonly text: string;
			readonly toolCalls: readonly ToolCall[];
			readonly echo: readonly JsonObject[];
	  }
	| { readonly role: "tool"; readonly results: readonly ToolResult[] };

/** Everything one model call needs. The prefix (tools, system, first message) is stable, so that caches hit. */
export type ModelRequest = {
	readonly model: string;
	readonly system: string;
	readonly tools: readonly ToolSpec[];
	/** Tools of the provider's own to be offered beside ours. */
	readonly serverTools: readonly ServerTool[];
	/** The text has to be JSON of this schema (a JSON Schema of type object); null: free text. */
	readonly output: { readonly name: string; readonly schema: JsonObject } | null;
	readonly messages: readonly Message[];
	readonly outputTokensMax: number;
	/** Passed on to the provider as they are (temperature, effort, ...). */
	readonly params: JsonObject;
	/** Groups calls that share a prefix, for providers that route by it. */
	readonly cacheKey: string;
	/** Use the provider's mode in which a lost call can be taken up again, where it has one and it is not refused. */
	readonly resumable: boolean;
	readonly firstByteTimeoutMs: number;
	readonly stallTimeoutMs: number;
};

/** Where an open call stands: about to be sent, held back by its host's limits, waiting for headers, or being read. */
export type CallStage = "queued" | "paced" | "waiting" | "streaming";

/**
 * One provider's model behind one function. Yields batches (all that one read brought) so that the cost is per read.
 * Faults of the world are `failed` events and nothing is thrown; an aborted signal ends the iteration at once, silently.
 * `reached` is told where the call stands, by a backend that has a host.
 */
export type Backend = (
	request: ModelRequest,
	signal: AbortSignal,
	reached?: (stage: CallStage) => void,
) => AsyncIterable<readonly ModelEvent[]>;

/** Where a lost call can be taken up again: what a `handle` event said last. */
export type ResumePoint = { readonly handle: string; readonly cursor: string | null };

/**
 * Takes up a call that lost its connection, without paying again; `request` is the one that began it. Yields as a
 * `Backend` does: after a cursor what comes behind that `handle` event, so that whoever has all that came up to it, and
 * nothing that came later, ends with the whole; without a cursor a `restart` and then the answer from its beginning. A
 * host that begins anew though a cursor was given is told by a `restart` as well. An answer that is finished by now is
 * read to its end; one that the host does not have, or no more, fails as `not_found`. An abort also ends the answer.
 */
export type Resume = (
	point: ResumePoint,
	request: ModelRequest,
	signal: AbortSignal,
	reached?: (stage: CallStage) => void,
) => AsyncIterable<readonly ModelEvent[]>;
