import { unreachable } from "../std/assert.ts";
import type { JsonObject } from "../std/json.ts";
import type { Failure, ModelEvent, StopReason, Usage } from "./backend.ts";

/** What one response came to. */
export type ReplayResult = {
	readonly text: string;
	readonly reasoning: string;
	readonly toolCalls: readonly { readonly name: string; readonly arguments: JsonObject }[];
	readonly usage: Usage;
	readonly stop: StopReason;
	readonly failure: Pick<Failure, "code" | "retryable" | "retryAfterMs"> | null;
};

type Replaying = { -readonly [key in keyof ReplayResult]: ReplayResult[key] } & {
	toolCalls: { name: string; arguments: JsonObject }[];
};

/** Folds the events of one response into its result; a `restart` voids what was said before, not what it cost. */
export function replayOf(events: Iterable<ModelEvent>): ReplayResult {
	const result: Replaying = {
		text: "",
		reasoning: "",
		toolCalls: [],
		usage: { input: null, output: null, cached: null, reasoning: null },
		stop: "cut",
		failure: null,
	};
	for (const event of events) add(result, event);
	return result;
}

function add(result: Replaying, event: ModelEvent): void {
	switch (event.type) {
		case "text":
			result.text += event.text;
			return;
		case "reasoning":
			result.reasoning += event.text;
			return;
		case "tool_call":
			result.toolCalls.push({ name: event.call.name, arguments: event.call.arguments });
			return;
		case "usage": {
			const { written: _, ...usage } = event.usage;
			result.usage = usage;
			return;
		}
		case "restart":
			result.text = "";
			result.reasoning = "";
			result.toolCalls = [];
			return;
		case "failed": {
			const { code, retryable, retryAfterMs } = event.failure;
			result.failure = { code, retryable, retryAfterMs };
			return;
		}
		case "end":
			result.stop = event.stop;
			return;
		case "server_tool":
		case "server_tool_result":
		case "image":
		case "citation":
		case "handle":
		case "echo":
			return;
		default:
			return unreachable(event);
	}
}
