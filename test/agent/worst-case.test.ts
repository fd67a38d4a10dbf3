import { describe, expect, test } from "vitest";
import { inputTokensMax, shortestAnswerTokens, sized, worstOf } from "../../src/agent/worst-case.ts";
import { priceOf } from "../../src/backends/prices.ts";
import type { ModelRequest, Usage } from "../../src/backends/backend.ts";
import { modelRequest } from "../support/fake-request.ts";

const asking = (text: string, more: Partial<ModelRequest> = {}): ModelRequest => ({
	...modelRequest(),
	system: "",
	tools: [],
	params: {},
	messages: [{ role: "user", text }],
	...more,
});
const empty = inputTokensMax(asking(""));
const tokensOf = (text: string) => inputTokensMax(asking(text)) - empty;
const file = (mediaType: string, bytes: number) => ({ name: "a", mediaType, base64: "A".repeat((bytes / 3) * 4) });
const filed = (mediaType: string, bytes: number) =>
	inputTokensMax(asking("", { messages: [{ role: "user", text: "", attachments: [file(mediaType, bytes)] }] })) -
	empty;
/** A dollar for a token of input, two for one of output; a cache is written at one and a half. */
const price = ({ input, output, written = 0 }: Usage) => (input ?? 0) + written / 2 + 2 * (output ?? 0);

describe("P9: the input of a call is estimated from above", () => {
	// Real counts (o200k_base): English has 4 to 5 characters a token, Chinese 1 to 1.5, an emoji 1 to 3 tokens.
	test.each<[string, number, number]>([
		["a token for two bytes of English", tokensOf("word ".repeat(200)), 500],
		["three for two signs of Chinese", tokensOf("汉".repeat(200)), 300],
		["a picture, whatever its size", filed("image/png", 30_000), 6_000],
		["text that was sent along", filed("text/csv", 30_000), 15_000],
		["a document, of which the text is packed", filed("application/pdf", 30_000), 30_000],
	])("%s", (_, tokens, expected) => expect(tokens).toBe(expected));

	test("what the model said before counts, and so do its tools and the system's words", () => {
		const said = asking("", {
			system: "s".repeat(100),
			tools: [{ name: "vote", description: "d".repeat(100), parameters: {} }],
			messages: [{ role: "assistant", text: "t".repeat(100), toolCalls: [], echo: [{ e: "e".repeat(100) }] }],
		});
		expect(inputTokensMax(said) - empty >= 200).toBe(true);
	});
});

describe("P9: the worst case of a call", () => {
	test("all of its input, all of the output it may make, at the dearest price of the input", () => {
		const request = asking("", { outputTokensMax: 1_000 });
		expect(worstOf(request, price)).toEqual({ tokens: empty + 1_000, usd: empty * 1.5 + 2_000 });
	});

	test("without a price nobody knows", () => {
		expect(worstOf(asking(""), () => null).usd).toBe(null);
	});

	test("is never below what the list of prices makes of as many tokens", () => {
		const request = asking("word ".repeat(1000), { outputTokensMax: 4_000 });
		const { tokens, usd } = worstOf(request, (usage) =>
			priceOf({ backend: "anthropic", model: "claude-opus-5" }, usage),
		);
		const most = { input: tokens - 4_000, output: 4_000, cached: 0, reasoning: 0, written: tokens - 4_000 };
		expect(usd).toBe(priceOf({ backend: "anthropic", model: "claude-opus-5" }, most));
	});
});

describe("P9: a call that what is left does not pay for whole", () => {
	const request = asking("", { outputTokensMax: 16_000 });
	const left = (tokens: number, usd: number) => ({ tokens, usd });
	test.each<[string, ModelRequest, Parameters<typeof sized>[2], number]>([
		["is left as it is where it fits to the token", request, left(empty + 16_000, Infinity), 16_000],
		["gets as many tokens as are left", request, left(empty + 15_999, Infinity), 15_999],
		["gets what the dollars pay for", request, left(Infinity, empty * 1.5 + 2 * 5_000), 5_000],
		["may be as short as this", request, left(empty + shortestAnswerTokens, Infinity), shortestAnswerTokens],
		["is not cut shorter", request, left(empty + shortestAnswerTokens - 1, Infinity), 16_000],
		[
			"keeps its room where settings of its own may need it",
			{ ...request, params: { effort: "high" } },
			left(empty + 5_000, Infinity),
			16_000,
		],
	])("%s", (_, asked, room, expected) => {
		const { request: sent, worst } = sized(asked, price, room);
		expect([sent.outputTokensMax, worst]).toEqual([expected, worstOf(sent, price)]);
	});
});
