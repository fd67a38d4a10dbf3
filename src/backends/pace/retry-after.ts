import { rateLimitsOf } from "./rate-limits.ts";

/**
 * For how many milliseconds a refused call should stay away, as the headers of its response tell; null where they do not.
 * `retry-after-ms` is OpenAI's; `retry-after` holds seconds or a date (RFC 9110, 10.2.3); a 429 without either may still
 * say when the limit it ran into is reset.
 */
export function retryAfterOf({ status, headers }: Pick<Response, "status" | "headers">, nowMs: number): number | null {
	const inMs = Number.parseFloat(headers.get("retry-after-ms") ?? "");
	const after = headers.get("retry-after") ?? "";
	const inSeconds = /^\s*[\d.]+\s*$/.test(after) ? Number.parseFloat(after) * 1000 : Date.parse(after) - nowMs;
	const found =
		[inMs, inSeconds].find((ms) => Number.isFinite(ms)) ?? (status === 429 ? resetOf(headers, nowMs) : null);
	return found === null ? null : Math.max(0, Math.round(found));
}

/** The last reset among the limits of which nothing is left. */
function resetOf(headers: Headers, nowMs: number): number | null {
	const { requests, tokens } = rateLimitsOf(headers, nowMs);
	const resets = [requests, tokens].flatMap((limit) =>
		limit !== null && limit.remaining === 0 && limit.resetAtMs !== null ? [limit.resetAtMs] : [],
	);
	return resets.length === 0 ? null : Math.max(...resets) - nowMs;
}
