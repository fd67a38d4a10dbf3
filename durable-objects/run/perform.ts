import { readOnce, type FileOf } from "../../src/agent/attachments.ts";
import { modelCall, type Listener } from "../../src/agent/model-call.ts";
import { promptOf } from "../../src/agent/prompt-of.ts";
import { requestOf } from "../../src/agent/request.ts";
import { sized } from "../../src/agent/worst-case.ts";
import type { ModelRequest, Usage } from "../../src/backends/backend.ts";
import { leftFor } from "../../src/consensus/budget.ts";
import type { CallId } from "../../src/consensus/events.ts";
import { plan, type WantedCall } from "../../src/consensus/plan.ts";
import type { SessionState } from "../../src/consensus/state.ts";
import { withDraft } from "../../src/prompts/interrupted.ts";
import { assert } from "../../src/std/assert.ts";
import type { Dispatching } from "./dispatch.ts";
import { internal } from "./endings.ts";
import type { NumberedFile } from "../store/files.ts";
import { hearingPoints } from "../store/points.ts";
import { takingUp } from "./recovery.ts";
import type { Ending, Run } from "./run.ts";
import type { Store } from "../store/store.ts";

/** What the sending of some calls needs: requests that are built already, and who is told what each call came to. */
type Sending = {
	readonly requests: ReadonlyMap<CallId, ModelRequest>;
	readonly over: (ending: Ending) => void;
};

/** Sends these calls, whose dispatch is written, and reads them to their ends. */
export function start(run: Run, calls: readonly WantedCall[], { requests, over }: Sending): void {
	const fileOf = readOnce(run.deps.store.fileOf);
	const request = (call: WantedCall) =>
		requests.get(call.id) ?? requestFor(run, run.deps.store.state(), { call, fileOf });
	for (const call of calls) void performed(run, call, { request, over });
}

async function performed(
	run: Run,
	call: WantedCall,
	{ request, over }: { request: (call: WantedCall) => ModelRequest } & Pick<Sending, "over">,
): Promise<void> {
	const { deps, live } = run;
	const controller = new AbortController();
	// A backend that has no host tells nothing: it computes at once.
	live.set(call.id, { controller, agent: call.agent, sinceMs: deps.runtime.now(), stage: "streaming" });
	try {
		const { signal } = controller;
		const listener = listenerOf(run, call.id);
		const asked = request(call);
		const orphan = run.takenUp.get(call.id);
		const { result, failedThere } = await (orphan === undefined
			? sent(deps.open(call.model), asked, { signal, listener })
			: takingUp(deps, { call, orphan }, { request: asked, signal, listener }));
		// No rung is left of one that has failed: it is this call's own failure, unless it had decided.
		if (failedThere && orphan?.partial === null) run.takenUp.delete(call.id);
		if (live.get(call.id)?.controller === controller) over({ call, result });
	} catch (error) {
		deps.crashed(error);
		if (live.get(call.id)?.controller === controller) over({ call, result: internal });
	}
}

/** A call of this machine's own, in the form of one that is taken up. */
async function sent(...[backend, request, reading]: Parameters<typeof modelCall>) {
	return { result: await modelCall(backend, request, reading), failedThere: false };
}

/** P9: how calls that are due are sized before they may leave, with the files that the commit at hand will write. */
export function dispatching(
	run: Run,
	{ files, nowMs }: { files: readonly NumberedFile[]; nowMs: number },
): Dispatching {
	const { deps, held } = run;
	const { store } = deps;
	const fileOf = readOnce((file) => files.find((written) => written.file === file) ?? store.fileOf(file));
	return {
		held,
		nowMs,
		running: (state) => store.deadlines(plan(state).deadlines, nowMs),
		sizedFor: (session, call) => {
			assert(session.current !== null, "a call belongs to a turn that runs");
			const price = (usage: Usage) => deps.priceOf(call.model, usage);
			const left = leftFor(session, session.current, call.agent);
			try {
				return sized(requestFor(run, session, { call, fileOf }), price, left);
			} catch {
				// It cannot be built when it is started either, and there its call fails.
				return null;
			}
		},
	};
}

function requestFor(
	{ deps, outcomes }: Run,
	state: SessionState,
	{ call, fileOf }: { call: WantedCall; fileOf: FileOf },
): ModelRequest {
	assert(state.status === "open" && state.current !== null, "a call belongs to a turn that runs");
	const { model, tools, resume } = call;
	const settings = { ...model, tools, resume, limits: state.team.limits, cacheKey: deps.sessionId };
	return requestOf(
		withDraft(promptOf(state, state.current, call), deps.store.draftOf(call)),
		settings,
		(id) => outcomes.get(id) ?? deps.store.outcomeOf(id),
		fileOf,
	);
}

function listenerOf({ deps, live, room, points, partials, flush, ending, disk }: Run, call: CallId): Listener {
	const write = (...point: Parameters<Store["resumable"]>) => disk.write(() => deps.store.resumable(...point));
	const hear = hearingPoints(points, call, write);
	return {
		pieces: (pieces) => {
			if (!live.has(call)) return;
			for (const piece of pieces) room.take(call, piece);
			flush.soon();
			ending.heard();
		},
		handle: (handle, cursor) => {
			if (live.has(call)) hear({ handle, cursor });
		},
		decided: (soFar) => {
			if (live.has(call)) partials.set(call, soFar);
		},
		reached: (stage) => {
			const open = live.get(call);
			if (open !== undefined) open.stage = stage;
		},
	};
}
