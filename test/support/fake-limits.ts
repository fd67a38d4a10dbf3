import type { SpokenWire } from "./fake-script.ts";

/** Limits that a fake provider keeps in windows of `windowMs`, one after the other, and tells in its headers. */
export type FakeLimits = { readonly requests: number; readonly tokens: number; readonly windowMs: number };

/** One request as the limits see it. `refusedForMs`: null if it is let in. */
export type Metered = {
	readonly refusedForMs: number | null;
	readonly headers: Readonly<Record<string, string>>;
};

type Counts = {
	readonly requests: number;
	readonly tokens: number;
	readonly resetInMs: number;
	readonly nowMs: number;
};

/** Counts what comes in; what is refused is not counted. */
export function metering(limits: FakeLimits): (wire: SpokenWire, tokens: number, nowMs: number) => Metered {
	let windowFromMs = Number.NEGATIVE_INFINITY;
	let requests = 0;
	let used = 0;
	return (wire, tokens, nowMs) => {
		if (nowMs >= windowFromMs + limits.windowMs) {
			windowFromMs = nowMs;
			requests = 0;
			used = 0;
		}
		const fits = requests < limits.requests && used + tokens <= limits.tokens;
		if (fits) {
			requests += 1;
			used += tokens;
		}
		const resetInMs = windowFromMs + limits.windowMs - nowMs;
		const left = { requests: limits.requests - requests, tokens: limits.tokens - used, resetInMs, nowMs };
		return { refusedForMs: fits ? null : resetInMs, headers: headersOf[wire](limits, left) };
	};
}

/** As each wire's own provider tells them; Gemini does not. */
const headersOf: Record<SpokenWire, (limits: FakeLimits, left: Counts) => Record<string, string>> = {
	"anthropic-messages": anthropicHeaders,
	"openai-responses": openaiHeaders,
	"openai-chat": openaiHeaders,
	"gemini-generate": () => ({}),
	"gemini-interactions": () => ({}),
};

function anthropicHeaders(limits: FakeLimits, { requests, tokens, resetInMs, nowMs }: Counts): Record<string, string> {
	const reset = new Date(nowMs + resetInMs).toISOString();
	return {
		"anthropic-ratelimit-requests-limit": String(limits.requests),
		"anthropic-ratelimit-requests-remaining": String(requests),
		"anthropic-ratelimit-requests-reset": reset,
		"anthropic-ratelimit-input-tokens-limit": String(limits.tokens),
		"anthropic-ratelimit-input-tokens-remaining": String(tokens),
		"anthropic-ratelimit-input-tokens-reset": reset,
	};
}

function openaiHeaders(limits: FakeLimits, { requests, tokens, resetInMs }: Counts): Record<string, string> {
	const reset = resetInMs < 1000 ? `${resetInMs}ms` : `${resetInMs / 1000}s`;
	return {
		"x-ratelimit-limit-requests": String(limits.requests),
		"x-ratelimit-remaining-requests": String(requests),
		"x-ratelimit-reset-requests": reset,
		"x-ratelimit-limit-tokens": String(limits.tokens),
		"x-ratelimit-remaining-tokens": String(tokens),
		"x-ratelimit-reset-tokens": reset,
	};
}
