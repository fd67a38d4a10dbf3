/** What is left of one limit. `limit` and `resetAtMs` (Unix time) are null where the host does not say. */
export type RateLimit = {
	readonly limit: number | null;
	readonly remaining: number;
	readonly resetAtMs: number | null;
};

/** What a response's headers say of the limits that bind its model and key; null: nothing that can be read. */
export type RateLimits = { readonly requests: RateLimit | null; readonly tokens: RateLimit | null };

/** The bucket for requests or tokens as the headers of a response tell it. What is malformed counts as not sent. */
export function rateLimitsOf(headers: Headers, nowMs: number): RateLimits {
	return { requests: limitOf("requests", headers, nowMs), tokens: limitOf("tokens", headers, nowMs) };
}

/** A later reset is not believed: whoever sends it would keep a model from being asked. */
export const resetAfterMsMax = 24 * 60 * 60 * 1000;

type Row = {
	readonly counts: keyof RateLimits;
	/** What an answer will need of it is not known beforehand, so that it binds only when nothing is left. */
	readonly binds: "always" | "empty";
	readonly headers: Readonly<Record<"limit" | "remaining" | "reset", string>>;
};

// https://docs.claude.com/en/api/rate-limits#response-headers
const anthropic = (kind: string): Row["headers"] => ({
	limit: `anthropic-ratelimit-${kind}-limit`,
	remaining: `anthropic-ratelimit-${kind}-remaining`,
	reset: `anthropic-ratelimit-${kind}-reset`,
});

// https://platform.openai.com/docs/guides/rate-limits#rate-limits-in-headers, and hosts that took them over.
const openai = (kind: string): Row["headers"] => ({
	limit: `x-ratelimit-limit-${kind}`,
	remaining: `x-ratelimit-remaining-${kind}`,
	reset: `x-ratelimit-reset-${kind}`,
});

const rows: readonly Row[] = [
	{ counts: "requests", binds: "always", headers: anthropic("requests") },
	{ counts: "tokens", binds: "always", headers: anthropic("tokens") },
	{ counts: "tokens", binds: "always", headers: anthropic("input-tokens") },
	{ counts: "tokens", binds: "empty", headers: anthropic("output-tokens") },
	{ counts: "requests", binds: "always", headers: openai("requests") },
	{ counts: "tokens", binds: "always", headers: openai("tokens") },
	// Cerebras names the window too. https://inference-docs.cerebras.ai/support/rate-limits
	...["minute", "hour", "day"].flatMap((window): Row[] => [
		{ counts: "requests", binds: "always", headers: openai(`requests-${window}`) },
		{ counts: "tokens", binds: "always", headers: openai(`tokens-${window}`) },
	]),
];

/** Of several limits on the same thing the one with the least left binds. */
function limitOf(counts: Row["counts"], headers: Headers, nowMs: number): RateLimit | null {
	let least: RateLimit | null = null;
	for (const row of rows) {
		const found = row.counts === counts ? rowIn(row, headers, nowMs) : null;
		if (found !== null && (least === null || found.remaining < least.remaining)) least = found;
	}
	return least;
}

function rowIn({ binds, headers: names }: Row, headers: Headers, nowMs: number): RateLimit | null {
	const remaining = countIn(headers.get(names.remaining));
	if (remaining === null || (binds === "empty" && remaining > 0)) return null;
	const limit = countIn(headers.get(names.limit));
	return {
		limit: limit === 0 ? null : limit,
		remaining,
		resetAtMs: resetIn(headers.get(names.reset) ?? "", nowMs),
	};
}

function countIn(text: string | null): number | null {
	return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : null;
}

const secondsOf = (seconds: string, nowMs: number): number => nowMs + Number(seconds) * 1000;

/** How a reset is written: a moment (RFC 3339), seconds, or a duration as Go prints it. */
const resetForms: readonly (readonly [RegExp, (text: string, nowMs: number) => number])[] = [
	[/^\d{4}-\d\d-\d\dT/, (text) => Date.parse(text)],
	[/^\d{1,9}(\.\d+)?$/, secondsOf],
	[/^(\d{1,9}(\.\d+)?(h|ms|m|s|us|µs|ns))+$/, (text, nowMs) => nowMs + durationMs(text)],
];

function resetIn(text: string, nowMs: number): number | null {
	const form = resetForms.find(([pattern]) => pattern.test(text));
	const resetAtMs = form === undefined ? Number.NaN : form[1](text, nowMs);
	return Number.isFinite(resetAtMs) ? Math.round(Math.min(resetAtMs, nowMs + resetAfterMsMax)) : null;
}

const unitMs: ReadonlyMap<string, number> = new Map([
	["h", 3_600_000],
	["m", 60_000],
	["s", 1000],
	["ms", 1],
	["us", 1e-3],
	["µs", 1e-3],
	["ns", 1e-6],
]);

function durationMs(text: string): number {
	return [...text.matchAll(/([\d.]+)([a-zµ]+)/g)].reduce(
		(sum, [, amount = "", unit = ""]) => sum + Number(amount) * (unitMs.get(unit) ?? Number.NaN),
		0,
	);
}
