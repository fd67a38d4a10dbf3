import type { Outcome } from "../../src/agent/request.ts";
import { retryDelayMs } from "../../src/backends/retry.ts";
import { capsSeconds } from "../../src/consensus/budget.ts";
import type { Bill, Command } from "../../src/consensus/commands.ts";
import type { CallId } from "../../src/consensus/events.ts";
import type { WantedCall } from "../../src/consensus/plan.ts";
import { brokenOff, fault, unbilled } from "./endings.ts";
import { reportOf, withoutProvider, type Rung } from "./recovery.ts";
import type { Ending, Run } from "./run.ts";

/** What a call that is over means to the core. What was said in a round is kept: the round may go on. */
export function commandsOf(run: Run, { call, result }: Ending): readonly Command[] {
	const { id, model, purpose } = call;
	if (result.kind === "silent") return [];
	run.partials.delete(id);
	const costUsd = result.usage === null ? unbilled(result) : run.deps.priceOf(model, result.usage);
	const savedUsd = result.usage === null ? null : run.deps.savedOf(model, result.usage);
	const bill = { usage: result.usage, costUsd, savedUsd, ...timed(run, id) };
	const broken = result.kind === "ended" ? brokenOff(purpose, result) : null;
	if (result.kind === "ended" && broken === null) {
		const { text, toolCalls } = result.outcome;
		if (purpose === "round") run.outcomes.set(id, spoken(call, result.outcome));
		return [{ type: "call.ended", call: id, reply: { text, toolCalls, paused: result.stop === "pause" }, bill }];
	}
	const fallen = fallenFrom(run, { call, result });
	if (fallen !== null) return [taken(run, fallen)];
	const failure = broken ?? (result.kind === "failed" ? result.failure : fault);
	const begun = result.kind === "ended" || result.begun;
	const retryInMs = retryDelayMs({ failure, tryNumber: call.paid, random: run.deps.runtime.random() });
	const { code, message, retryable } = failure;
	return [{ type: "call.failed", call: id, code, message, retryable, begun, retryInMs, bill }];
}

/** How long the call took, where that is capped (P9). */
function timed({ deps, live }: Run, call: CallId): Pick<Bill, "tookMs"> {
	const state = deps.store.state();
	const open = live.get(call);
	if (open === undefined || state.status === "empty" || !capsSeconds(state)) return {};
	return { tookMs: Math.max(0, deps.runtime.now() - open.sinceMs) };
}

/** A rung as a report. What was said is kept: the round may go on. */
export function taken({ outcomes }: Run, rung: Rung): Command {
	if (rung.kind === "accept") outcomes.set(rung.call.id, spoken(rung.call, rung.partial));
	return reportOf(rung);
}

/** P15: the rung below, where a call could not be taken up after all. */
function fallenFrom({ takenUp }: Run, { call, result }: Ending): Rung | null {
	const orphan = takenUp.get(call.id);
	if (orphan === undefined || result.kind !== "failed") return null;
	return result.begun && orphan.partial === null ? null : withoutProvider(call, orphan);
}

function spoken({ model: { backend, model } }: WantedCall, outcome: Outcome): Outcome {
	return { ...outcome, by: { backend, model } };
}
