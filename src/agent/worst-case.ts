import type { ModelRequest, Usage } from "../backends/backend.ts";
import type { Worst } from "../consensus/events.ts";

/** What tokens cost: US dollars, or null where no price is known. */
type Price = (usage: Usage) => number | null;

/** Infinite where nothing is capped. */
type Left = { readonly tokens: number; readonly usd: number };

/** A request with the most that it may use. */
export type Sized = { readonly request: ModelRequest; readonly worst: Worst };

/**
 * The request with its worst case (P9). One that what is `left` does not pay for whole is given less room for its answer,
 * where enough is left to say something.
 */
export function sized(request: ModelRequest, price: Price, left: Left): Sized {
	const worst = worstOf(request, price);
	if (worst.tokens <= left.tokens && (worst.usd ?? 0) <= left.usd) return { request, worst };
	const outputTokensMax = outputLeft(request, price, left);
	// Settings of the team's own may need the whole room: a budget for thinking has to be below it.
	if (outputTokensMax < shortestAnswerTokens || Object.keys(request.params).length > 0) return { request, worst };
	const shorter = { ...request, outputTokensMax };
	return { request: shorter, worst: worstOf(shorter, price) };
}

/** With less, a model is cut off before it has decided. */
export const shortestAnswerTokens = 1_024;

/** The most tokens that a call may use, and what they cost if none comes from a cache and all are written to one. */
export function worstOf(request: ModelRequest, price: Price): Worst {
	const input = inputTokensMax(request);
	return { tokens: input + request.outputTokensMax, usd: dearest(price, { input, output: request.outputTokensMax }) };
}

/**
 * Tokens of the input, from above. Tokenizers work on the bytes of UTF-8 and make no token of less than one; over a text
 * they stay below one for two bytes in every script (English and code need four and three, Chinese and Japanese, with
 * three bytes a sign, two to three). What a provider's own tools bring into the input on its side is not known before.
 */
export function inputTokensMax({ system, tools, messages, output }: ModelRequest): number {
	const texts = messages.map((message) => (message.role === "user" ? { ...message, attachments: [] } : message));
	const bytes = new TextEncoder().encode(JSON.stringify([system, tools, texts, output])).byteLength;
	const files = messages.flatMap((message) => (message.role === "user" ? (message.attachments ?? []) : []));
	return Math.ceil(bytes / 2) + files.reduce((sum, file) => sum + fileTokensMax(file), 0);
}

/** Providers scale pictures down to at most some 5,000 tokens. A document's text is packed: a token for each byte. */
function fileTokensMax({ mediaType, base64 }: { readonly mediaType: string; readonly base64: string }): number {
	const bytes = (base64.length / 4) * 3;
	if (mediaType.startsWith("image/")) return 6_000;
	return Math.ceil(mediaType.startsWith("text/") ? bytes / 2 : bytes);
}

/** How many tokens of output this much pays for, once the input has been paid. */
function outputLeft(request: ModelRequest, price: Price, left: Left): number {
	const input = inputTokensMax(request);
	const whole = request.outputTokensMax;
	const none = dearest(price, { input, output: 0 });
	const all = dearest(price, { input, output: whole });
	const byTokens = left.tokens - input;
	if (none === null || all === null || all === none) return Math.min(whole, byTokens);
	const byUsd = Math.floor(((left.usd - none) / (all - none)) * whole);
	return Math.min(whole, byTokens, byUsd);
}

/** Writing to a cache costs more than plain input, with some providers. */
function dearest(price: Price, { input, output }: { readonly input: number; readonly output: number }): number | null {
	const usage = { input, output, cached: null, reasoning: null };
	const plain = price(usage);
	const written = price({ ...usage, written: input });
	return plain === null || written === null ? null : Math.max(plain, written);
}
