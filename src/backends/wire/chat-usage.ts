import type { JsonObject } from "../../std/json.ts";
import type { Usage } from "../backend.ts";
import { countOf, latest, objectOf } from "./fields.ts";

/** Adds one account of tokens to what was known, under each of the names that hosts have for the figures. */
export function chatUsage(before: Usage, usage: JsonObject): Usage {
	const reasoning =
		countOf(objectOf(usage["completion_tokens_details"])["reasoning_tokens"]) ?? countOf(usage["reasoning_tokens"]);
	const written = latest(before.written ?? null, writtenOf(usage));
	return {
		input: latest(before.input, countOf(usage["prompt_tokens"])),
		output: latest(before.output, outputOf(usage, reasoning ?? 0)),
		cached: latest(before.cached, cachedOf(usage)),
		reasoning: latest(before.reasoning, reasoning),
		...(written === null ? {} : { written }),
	};
}

// xAI counts reasoning beside `completion_tokens`, all others within; the total tells which it is.
function outputOf(usage: JsonObject, reasoning: number): number | null {
	const completion = countOf(usage["completion_tokens"]);
	if (completion === null || reasoning === 0) return completion;
	const isBeside = countOf(usage["total_tokens"]) === (countOf(usage["prompt_tokens"]) ?? 0) + completion + reasoning;
	return isBeside ? completion + reasoning : completion;
}

// The second name is Together's and Moonshot's, the third DeepSeek's.
function cachedOf(usage: JsonObject): number | null {
	return (
		countOf(objectOf(usage["prompt_tokens_details"])["cached_tokens"]) ??
		countOf(usage["cached_tokens"]) ??
		countOf(usage["prompt_cache_hit_tokens"])
	);
}

// The first name is OpenAI's and OpenRouter's, the second Anthropic's, which proxies pass on.
function writtenOf(usage: JsonObject): number | null {
	return (
		countOf(objectOf(usage["prompt_tokens_details"])["cache_write_tokens"]) ??
		countOf(usage["cache_creation_input_tokens"])
	);
}
