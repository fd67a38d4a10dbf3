import type { Backend, CallStage, Failure, ModelEvent, ModelRequest, StopReason, Usage } from "../backends/backend.ts";
import { unreachable } from "../std/assert.ts";
import type { StreamPiece } from "../consensus/commands.ts";
import { watchOutput } from "./runaway.ts";
import type { Outcome } from "./request.ts";

/** How one model call ended. `begun`: its stream had brought something (P15). `silent`: it was aborted. */
export type CallResult =
	| { readonly kind: "ended"; readonly outcome: Outcome; readonly stop: StopReason; readonly usage: Usage | null }
	| { readonly kind: "failed"; readonly failure: Failure; readonly begun: boolean; readonly usage: Usage | null }
	| { readonly kind: "silent" };

export type Listener = {
	/** What a watcher may see at once: text, reasoning, sources, pictures, the provider's own tools. */
	readonly pieces: (pieces: readonly StreamPiece[]) => void;
	/** Where the call can be taken up again after a crash. */
	readonly handle: (handle: string, cursor: string | null) => void;
	/** The model has called tools of ours: what it has said by now. Null: that is void. */
	readonly decided: (soFar: Outcome | null) => void;
	/** Where the call stands. */
	readonly reached: (stage: CallStage) => void;
};

type Draft = {
	text: string[];
	toolCalls: Outcome["toolCalls"][number][];
	echo: Outcome["echo"][number][];
	usage: Usage | null;
	failure: Failure | null;
	stop: StopReason | null;
	begun: boolean;
};

/** Performs one model call and folds its events; what can be shown is handed on as it comes. */
export async function modelCall(
	backend: Backend,
	request: ModelRequest,
	{ signal, listener }: { signal: AbortSignal; listener: Listener },
): Promise<CallResult> {
	const draft: Draft = { text: [], toolCalls: [], echo: [], usage: null, failure: null, stop: null, begun: false };
	const fault = watchOutput(request.outputTokensMax);
	for await (const events of backend(request, signal, listener.reached)) {
		const { toolCalls } = draft;
		const decided = toolCalls.length;
		const pieces = events.flatMap((event) => folded(draft, event, listener));
		if (pieces.length > 0) listener.pieces(pieces);
		if (draft.toolCalls !== toolCalls || toolCalls.length !== decided) listener.decided(saidBy(draft));
		const runaway = fault(pieces);
		if (runaway === null) continue;
		draft.failure ??= runaway;
		// Leaving the loop ends the stream: its backend hangs up.
		break;
	}
	return signal.aborted ? { kind: "silent" } : resultOf(draft);
}

/** Without the provider's own format, which may be half. */
function saidBy({ text, toolCalls }: Draft): Outcome | null {
	return toolCalls.length === 0 ? null : { text: text.join(""), toolCalls: [...toolCalls], echo: [] };
}

const nothing: readonly StreamPiece[] = [];

function folded(draft: Draft, event: ModelEvent, listener: Listener): readonly StreamPiece[] {
	switch (event.type) {
		case "text":
			draft.begun = true;
			draft.text.push(event.text);
			return [{ kind: "text", text: event.text }];
		case "reasoning":
			draft.begun = true;
			return [{ kind: "reasoning", text: event.text }];
		case "citation":
			draft.begun = true;
			return [{ kind: "citation", url: event.url, title: event.title }];
		case "server_tool":
			draft.begun = true;
			return [{ kind: "server_tool", tool: event.name, arguments: event.arguments }];
		case "image":
			draft.begun = true;
			return [{ kind: "image", mediaType: event.mediaType, base64: event.base64 }];
		case "server_tool_result":
			draft.begun = true;
			return [{ kind: "server_tool_result", tool: event.name, ok: event.ok, result: event.text }];
		case "tool_call":
			draft.begun = true;
			draft.toolCalls.push(event.call);
			return nothing;
		case "echo":
			draft.echo.push(event.item);
			return nothing;
		case "handle":
			listener.handle(event.handle, event.cursor);
			return nothing;
		case "usage":
			draft.usage = event.usage;
			return nothing;
		case "restart":
			Object.assign(draft, { text: [], toolCalls: [], echo: [] });
			return nothing;
		case "failed":
			draft.failure = event.failure;
			return nothing;
		case "end":
			draft.stop = event.stop;
			return nothing;
		default:
			return unreachable(event);
	}
}

function resultOf({ text, toolCalls, echo, usage, failure, stop, begun }: Draft): CallResult {
	if (failure !== null) return { kind: "failed", failure, begun, usage };
	if (stop === null || stop === "cut") return { kind: "failed", failure: cut, begun, usage };
	return { kind: "ended", outcome: { text: text.join(""), toolCalls, echo }, stop, usage };
}

const cut: Failure = {
	code: "bad_stream",
	retryable: true,
	retryAfterMs: null,
	message: "The stream ended before the answer did.",
};

/** Longer final answers are none: the log keeps one whole in a row, of at most 2 MB however it is written. */
export const finalCharsMax = 300_000;

/** P12: a final answer that breaks off, or that the provider refused to give, must not pass for one. */
export function unpresentable(stop: StopReason, text: string): Failure | null {
	if (text.length > finalCharsMax)
		return {
			...broken,
			code: "output_too_large",
			message: `The final answer is longer than ${finalCharsMax} characters.`,
		};
	if (stop === "length" || stop === "context")
		return { ...broken, code: "context_length", message: "The final answer was cut off at the limit on output." };
	if (stop === "refusal")
		return { ...broken, code: "content_filtered", message: "The provider refused to write the final answer." };
	return null;
}

/**
 * P10: a reply without a decision that asking again would not bring: its provider's filter refused it, or there is no
 * room for more. Null for any other; one that the limit on output cut off may be shorter the next time.
 */
export function undecidable(stop: StopReason, toolCalls: Outcome["toolCalls"]): Failure | null {
	if (toolCalls.length > 0) return null;
	if (stop === "refusal") return { ...broken, code: "content_filtered", message: "The provider refused to answer." };
	if (stop === "context")
		return {
			...broken,
			code: "context_length",
			message: "The reply was cut off where the model's context ends.",
		};
	return null;
}

const broken = { retryable: false, retryAfterMs: null } as const;
