import type { JsonObject } from "../std/json.ts";
import type { CallId, NewFile, Usage, Worst } from "./events.ts";
import type { AgentId, Budget, Team } from "./team.ts";

/** A finished model reply, as far as the protocol looks at it. */
export type ModelReply = {
	readonly text: string;
	readonly toolCalls: readonly { readonly name: string; readonly arguments: JsonObject }[];
	/** The provider stopped it in the middle: sent back as it is, the model goes on. */
	readonly paused: boolean;
};

/** What a call has brought since the last time. */
export type StreamPiece =
	| { readonly kind: "text"; readonly text: string }
	| { readonly kind: "reasoning"; readonly text: string }
	| { readonly kind: "citation"; readonly url: string; readonly title: string }
	| { readonly kind: "image"; readonly mediaType: string; readonly base64: string }
	| { readonly kind: "server_tool"; readonly tool: string; readonly arguments: JsonObject }
	| { readonly kind: "server_tool_result"; readonly tool: string; readonly ok: boolean; readonly result: string };

/** Usage as the provider reported it, its price, and what caches saved of that; null where unknown. */
export type Bill = {
	readonly usage: Usage | null;
	readonly costUsd: number | null;
	readonly savedUsd?: number | null;
	/** How long the call took; there only where the seconds of calls are capped. */
	readonly tookMs?: number;
};

/** Which deadline has passed; its key names the row. */
export type DeadlineKind = "seal" | "round" | "turn_soft" | "turn" | "budget" | "presentation" | "judge" | "retry";

/** Everything that can be asked of a session or reported to it. Parsed at the edge; trusted from here on. */
export type Command =
	| {
			readonly type: "open";
			readonly team: Team;
			readonly seed: number;
			readonly question: string;
			readonly attachments?: readonly NewFile[];
	  }
	| { readonly type: "message"; readonly text: string; readonly attachments?: readonly NewFile[] }
	| { readonly type: "note"; readonly text: string }
	| { readonly type: "answer_now" }
	| { readonly type: "drop_agent"; readonly agent: AgentId }
	| { readonly type: "budget"; readonly budget: Budget }
	| { readonly type: "cancel" }
	/** `worst`: what its request may use at most; there only where dollars or tokens are capped. */
	| { readonly type: "call.dispatched"; readonly call: CallId; readonly worst?: Worst }
	/** Ends a wait, whatever it is for. */
	| { readonly type: "resume" }
	/** Nothing is to be spent until somebody says so. `detail`: why, for people. */
	| { readonly type: "suspend"; readonly detail: string }
	| { readonly type: "call.streamed"; readonly call: CallId; readonly pieces: readonly StreamPiece[] }
	| { readonly type: "call.ended"; readonly call: CallId; readonly reply: ModelReply; readonly bill: Bill }
	| {
			readonly type: "call.failed";
			readonly call: CallId;
			readonly code: string;
			readonly message: string;
			readonly retryable: boolean;
			/** The stream had brought something before it failed (P15). */
			readonly begun: boolean;
			readonly retryInMs: number;
			readonly bill: Bill;
	  }
	/** The machine that held this call's stream is gone, and another one has taken it up. */
	| { readonly type: "call.resumed"; readonly call: CallId }
	/** The machine that held this call's stream is gone. */
	| { readonly type: "call.lost"; readonly call: CallId }
	| { readonly type: "deadline.passed"; readonly key: string };

export type RefusalCode = "not_open" | "already_open" | "no_turn" | "queue_full" | "files_full" | "unknown_agent";

/** A command that the state does not allow; nothing has changed. */
export type Refusal = { readonly code: RefusalCode; readonly detail: string };
