import type { ModelEvent } from "../../../src/backends/backend.ts";
import { unreachable } from "../../../src/std/assert.ts";
import type { Part } from "./models.ts";

/** What a network makes of a reply. */
export type StreamFault =
	/** Nothing more comes, and no backend notices. */
	| "stalls"
	/** Nothing more comes, and the backend gives up as its limit says. */
	| "times_out"
	/** Each part takes twenty times as long. */
	| "trickles"
	/** Each part comes twice. */
	| "duplicates"
	/** The body ends before the reply does. */
	| "endless";

/** A reply as it comes through this network. */
export function faulty(fault: StreamFault | null, parts: readonly Part[], stallTimeoutMs: number): readonly Part[] {
	const half = parts.slice(0, Math.ceil(parts.length / 2));
	const lastMs = half.at(-1)?.afterMs ?? 0;
	switch (fault) {
		case null:
			return parts;
		case "stalls":
			return [...half, { afterMs: Number.MAX_SAFE_INTEGER, events: [] }];
		case "times_out":
			return [...half, { afterMs: lastMs + stallTimeoutMs, events: timedOut }];
		case "trickles":
			return parts.map(({ afterMs, events }) => ({ afterMs: afterMs * 20, events }));
		case "duplicates":
			return parts.flatMap((part) => [part, part]);
		case "endless":
			return half;
		default:
			return unreachable(fault);
	}
}

const timedOut: readonly ModelEvent[] = [
	{
		type: "failed",
		failure: {
			code: "stall_timeout",
			retryable: true,
			retryAfterMs: null,
			message: "Nothing came for a long time.",
		},
	},
	{ type: "end", stop: "cut" },
];
