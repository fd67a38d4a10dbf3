import { expect, test } from "vitest";
import type { Usage } from "../../../src/backends/backend.ts";
import type { JsonObject } from "../../../src/std/json.ts";
import { chatUsage } from "../../../src/backends/wire/chat-usage.ts";

const unknown: Usage = { input: null, output: null, cached: null, reasoning: null };

test.each<[string, Usage, JsonObject, Usage]>([
	["what a host does not say is not known", unknown, {}, unknown],
	[
		"reasoning within the completion is not added",
		unknown,
		{
			prompt_tokens: 5,
			completion_tokens: 9,
			total_tokens: 14,
			completion_tokens_details: { reasoning_tokens: 4 },
		},
		{ input: 5, output: 9, cached: null, reasoning: 4 },
	],
	[
		"reasoning beside it is",
		unknown,
		{
			prompt_tokens: 5,
			completion_tokens: 9,
			total_tokens: 18,
			completion_tokens_details: { reasoning_tokens: 4 },
		},
		{ input: 5, output: 13, cached: null, reasoning: 4 },
	],
	[
		"reasoning may stand at the top",
		unknown,
		{ completion_tokens: 9, reasoning_tokens: 4 },
		{ input: null, output: 9, cached: null, reasoning: 4 },
	],
	[
		"cached tokens as DeepSeek names them",
		unknown,
		{ prompt_tokens: 5, prompt_cache_hit_tokens: 3 },
		{ input: 5, output: null, cached: 3, reasoning: null },
	],
	[
		"cached tokens as Moonshot names them",
		unknown,
		{ prompt_tokens: 5, cached_tokens: 2, prompt_tokens_details: null },
		{ input: 5, output: null, cached: 2, reasoning: null },
	],
	[
		"a zeroed account does not undo the true one",
		{ input: 5, output: 9, cached: 2, reasoning: 1 },
		{ prompt_tokens: 0, completion_tokens: 0, prompt_tokens_details: { cached_tokens: 0 } },
		{ input: 5, output: 9, cached: 2, reasoning: 1 },
	],
	[
		"zero is a figure where there was none",
		unknown,
		{ prompt_tokens_details: { cached_tokens: 0 } },
		{ input: null, output: null, cached: 0, reasoning: null },
	],
	["what is no count is not one", unknown, { prompt_tokens: "5", completion_tokens: -1 }, unknown],
])("%s", (_, before, usage, expected) => {
	expect(chatUsage(before, usage)).toEqual(expected);
});
