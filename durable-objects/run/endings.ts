import { undecidable, unpresentable, type CallResult } from "../../src/agent/model-call.ts";
import type { Failure } from "../../src/backends/backend.ts";
import type { WantedCall } from "../../src/consensus/plan.ts";

/** Why a reply that came to its end is none, for what it was wanted for. */
export function brokenOff(
	purpose: WantedCall["purpose"],
	{ stop, outcome }: CallResult & { readonly kind: "ended" },
): Failure | null {
	if (purpose === "presentation") return unpresentable(stop, outcome.text);
	return purpose === "round" ? undecidable(stop, outcome.toolCalls) : null;
}

/** A request that was refused before anything came of it costs nothing; of any other without usage nobody can say. */
export function unbilled(result: CallResult): 0 | null {
	return result.kind === "failed" && !result.begun && refusals.has(result.failure.code) ? 0 : null;
}

const refusals: ReadonlySet<Failure["code"]> = new Set([
	"rate_limited",
	"overloaded",
	"server",
	"network",
	"auth",
	"bad_request",
	"not_found",
	"quota",
]);

/** What is told of a fault of ours. */
export const fault: Failure = {
	code: "server",
	retryable: false,
	retryAfterMs: null,
	message: "A fault of ours ended this call.",
};
/** A call that it ended. */
export const internal: CallResult = { kind: "failed", failure: fault, begun: true, usage: null };
