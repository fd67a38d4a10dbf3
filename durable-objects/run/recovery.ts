import { modelCall, type CallResult, type Listener } from "../../src/agent/model-call.ts";
import type { Outcome } from "../../src/agent/request.ts";
import type { Backend, FailureCode, ModelRequest, Resume } from "../../src/backends/backend.ts";
import type { Command } from "../../src/consensus/commands.ts";
import type { SessionEvent } from "../../src/consensus/events.ts";
import { plan, type WantedCall } from "../../src/consensus/plan.ts";
import type { SessionState } from "../../src/consensus/state.ts";
import { assert, unreachable } from "../../src/std/assert.ts";
import { untold } from "./already-told.ts";
import type { Orphan } from "../store/calls.ts";
import type { Store } from "../store/store.ts";

/** What a boot does about one call whose machine is gone, the cheapest first. */
export type Rung =
	/** Its provider has it: read from the beginning, and paid for by what it has cost already. */
	| { readonly kind: "resume"; readonly call: WantedCall; readonly orphan: Orphan & { readonly handle: string } }
	/** Its decision had come whole. */
	| { readonly kind: "accept"; readonly call: WantedCall; readonly partial: Outcome }
	/** Paid for once more, or the end of its round: the core decides. */
	| { readonly kind: "lose"; readonly call: WantedCall };

/** P15: the ladder for each orphan that the state still wants. While a session waits its orphans wait with it. */
export function ladder(
	state: SessionState,
	orphans: readonly Orphan[],
	resumable: (model: WantedCall["model"]) => boolean,
): readonly Rung[] {
	const open = plan(state).calls.filter(({ status }) => status === "open");
	return orphans.flatMap((orphan): readonly Rung[] => {
		const call = open.find(({ id }) => id === orphan.call);
		if (call === undefined) return [];
		const { handle } = orphan;
		if (handle !== null && resumable(call.model)) return [{ kind: "resume", call, orphan: { ...orphan, handle } }];
		return [withoutProvider(call, orphan)];
	});
}

/** What is left where the provider does not have the call, or no more. */
export function withoutProvider(call: WantedCall, { partial }: Orphan): Rung & { readonly kind: "accept" | "lose" } {
	const decides = partial?.toolCalls.some(({ name }) => call.offers.some((offered) => offered === name)) === true;
	return call.purpose === "round" && decides ? { kind: "accept", call, partial } : { kind: "lose", call };
}

/** As a report to the core. Nobody knows what a reply cost whose end was not seen. */
export function reportOf(rung: Rung): Command {
	const { id } = rung.call;
	switch (rung.kind) {
		case "resume":
			return { type: "call.resumed", call: id };
		case "accept": {
			const { text, toolCalls } = rung.partial;
			const bill = { usage: null, costUsd: null };
			return { type: "call.ended", call: id, reply: { text, toolCalls, paused: false }, bill };
		}
		case "lose":
			return { type: "call.lost", call: id };
		default:
			return unreachable(rung);
	}
}

/** Whether a call has ended with its machine. */
export function isLoss(event: SessionEvent): boolean {
	return event.type === "call.finished" && event.outcome === "lost";
}

/** The calls that are open, also where the session waits: their providers may still be at work on them. */
export function openCalls(state: SessionState): readonly WantedCall[] {
	if (state.status === "empty" || state.current === null) return [];
	const running = { ...state, current: { ...state.current, waiting: null } };
	return plan(running).calls.filter(({ status }) => status === "open");
}

/**
 * So many times in a row is a call asked for at its provider before it counts as gone: each one costs nothing, and
 * paying again costs all of it. Two delays between them span a short outage and stay well within a round.
 */
const takeUpsMax = 3;
const takeUpDelayMs = 2_000;

type TakingUp = {
	readonly store: Pick<Store, "toldOf">;
	readonly resume: (spec: WantedCall["model"]) => Resume | null;
	readonly later: (run: () => void, ms: number) => void;
};

/**
 * What a call came to that was taken up. `failedThere`: its provider had the answer, and it is one that failed. That is no
 * loss of ours but a failure like any other, and asking for it again would bring the same.
 */
type TakenUp = { readonly result: CallResult; readonly failedThere: boolean };

/**
 * Takes a call up from its beginning, so that what it called and said is whole, and tells only what the log does not hold;
 * again where the connection failed before it brought anything.
 */
export async function takingUp(
	{ store, resume, later }: TakingUp,
	{ call, orphan: { handle } }: { readonly call: WantedCall; readonly orphan: Orphan },
	{ request, signal, listener }: { request: ModelRequest; signal: AbortSignal; listener: Listener },
): Promise<TakenUp> {
	const again = resume(call.model);
	assert(again !== null && handle !== null, "only a call that its provider may have is taken up");
	for (let tries = 1; ; tries += 1) {
		let there = false;
		const backend: Backend = async function* reply(...asked) {
			for await (const events of again({ handle, cursor: null }, ...asked)) {
				there ||= events.some(({ type }) => type === "restart");
				yield events;
			}
		};
		const news = untold(store.toldOf(call));
		const pieces: Listener["pieces"] = (some) => {
			const fresh = news(some);
			if (fresh.length > 0) listener.pieces(fresh);
		};
		// It begins anew only for us: what it had decided before still stands.
		const decided: Listener["decided"] = (soFar) => {
			if (soFar !== null) listener.decided(soFar);
		};
		const result = await modelCall(backend, request, { signal, listener: { ...listener, pieces, decided } });
		const failedThere = there && result.kind === "failed" && !ofConnection.has(result.failure.code);
		const failed = result.kind === "failed" && !result.begun && result.failure.retryable && !failedThere;
		if (!failed || tries === takeUpsMax) return { result, failedThere };
		await new Promise<void>((resolve) => later(resolve, takeUpDelayMs * tries));
	}
}

/** What ends the reading of an answer, and not the answer. */
const ofConnection: ReadonlySet<FailureCode> = new Set([
	"network",
	"bad_stream",
	"first_byte_timeout",
	"stall_timeout",
]);

/** An answer that its provider may still be at work on, and charge for. */
type AtWork = { readonly model: WantedCall["model"]; readonly handle: string };

/** Of these orphans, those that a provider may still be at work on. */
export function everyOrphan(state: SessionState, orphans: readonly Orphan[]): readonly AtWork[] {
	const open = openCalls(state);
	return orphans.flatMap(({ call, handle }) => {
		const wanted = open.find(({ id }) => id === call);
		return handle === null || wanted === undefined ? [] : [{ model: wanted.model, handle }];
	});
}

/** Those that nobody waits for any more once these events are in the log: no stream of ours is there to be aborted. */
export function unwantedOrphans(
	before: SessionState,
	orphans: () => readonly Orphan[],
	events: readonly SessionEvent[],
): readonly AtWork[] {
	const closed = new Set(
		events.flatMap((event) => (event.type === "call.finished" && event.outcome === "aborted" ? [event.call] : [])),
	);
	if (closed.size === 0) return [];
	return everyOrphan(
		before,
		orphans().filter(({ call }) => closed.has(call)),
	);
}

/** Why a session is suspended, for people. */
export function looping(boots: number): string {
	return `This session was started again ${boots} times in a row before any of its model calls came to an end. Nothing more is spent on it until somebody says so.`;
}
