import { isJsonObject, type JsonObject } from "../../std/json.ts";
import type { StopReason, Usage } from "../backend.ts";
import { failureOf } from "../failure.ts";
import { anthropicBlocks } from "./anthropic-blocks.ts";
import { countOf, latest, objectOf, objectsOf, sumOf, textOf } from "./fields.ts";
import { emit, finish, giveUp, type PayloadReader, type Reading } from "./reading.ts";

/** Reads the Anthropic Messages API: https://platform.claude.com/docs/en/build-with-claude/streaming */
export function anthropicMessages(reading: Reading): PayloadReader {
	const blocks = anthropicBlocks(reading);
	const account: Account = { input: null, written: null, cached: null, output: null, reasoning: null };
	let begun = false;
	let stopReason = "";

	function startMessage(message: JsonObject): void {
		// A provider that fails over in mid-answer starts again with a second message_start; the first answer is void.
		if (begun) emit(reading, { type: "restart" });
		begun = true;
		reading.toolCalls = 0;
		stopReason = textOf(message["stop_reason"]);
		reading.usage = addToAccount(account, objectOf(message["usage"]));
		blocks.restart(objectsOf(message["content"]));
	}

	function endMessage(): void {
		blocks.close();
		reading.stop = stops.get(stopReason) ?? "end";
		finish(reading);
	}

	function read(payload: JsonObject): void {
		switch (payload["type"]) {
			case "content_block_delta":
				return blocks.add(payload);
			case "content_block_start":
				return blocks.start(payload);
			case "content_block_stop":
				return blocks.stop(payload);
			case "message_start":
				startMessage(objectOf(payload["message"]));
				// The input is paid for from here on, even if nothing else arrives.
				return emit(reading, { type: "usage", usage: reading.usage });
			case "message_delta":
				stopReason = textOf(objectOf(payload["delta"])["stop_reason"]) || stopReason;
				reading.usage = addToAccount(account, objectOf(payload["usage"]));
				return;
			case "message_stop":
				return endMessage();
			case "message":
				startMessage(payload);
				return endMessage();
			default:
				if (payload["error"] || payload["type"] === "error")
					giveUp(reading, failureOf({ status: null, body: payload }));
		}
	}

	return { read, done: () => {}, flush: () => {}, plain: { textIn, add: blocks.addText } };
}

function textIn({ type, delta }: JsonObject): string | null {
	if (type !== "content_block_delta" || !isJsonObject(delta) || delta["type"] !== "text_delta") return null;
	return textOf(delta["text"]);
}

const stops: ReadonlyMap<string, StopReason> = new Map([
	["tool_use", "tools"],
	["max_tokens", "length"],
	["refusal", "refusal"],
	["pause_turn", "pause"],
	["compaction", "pause"],
	["model_context_window_exceeded", "context"],
]);

type Account = { [name in "input" | "written" | "cached" | "output" | "reasoning"]: number | null };

// `input_tokens` leaves out what was read from and written to a cache. message_delta repeats the account, cumulatively.
function addToAccount(account: Account, usage: JsonObject): Usage {
	account.input = latest(account.input, countOf(usage["input_tokens"]));
	account.written = latest(account.written, countOf(usage["cache_creation_input_tokens"]));
	account.cached = latest(account.cached, countOf(usage["cache_read_input_tokens"]));
	account.output = latest(account.output, countOf(usage["output_tokens"]));
	account.reasoning = latest(account.reasoning, countOf(objectOf(usage["output_tokens_details"])["thinking_tokens"]));
	const { input, written, cached, output, reasoning } = account;
	const known = { input: sumOf(input, written, cached), output, cached, reasoning };
	return written === null ? known : { ...known, written };
}
