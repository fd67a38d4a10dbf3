import { readOnce, type FileOf } from "../src/agent/attachments.ts";
import { modelCall, type Listener } from "../src/agent/model-call.ts";
import { promptOf } from "../src/agent/prompt-of.ts";
import { requestOf } from "../src/agent/request.ts";
import type { ModelRequest } from "../src/backends/backend.ts";
import type { CallId } from "../src/consensus/events.ts";
import type { WantedCall } from "../src/consensus/plan.ts";
import { withDraft } from "../src/prompts/interrupted.ts";
import { assert } from "../src/std/assert.ts";
import { internal } from "./endings.ts";
import { hearingPoints } from "./points.ts";
import { takingUp } from "./recovery.ts";
import type { Ending, Run } from "./run.ts";
import type { Store } from "./store.ts";

/** Sends these calls, whose dispatch is written, and reads them to their ends; what each came to is told to `over`. */
export function start(run: Run, calls: readonly WantedCall[], over: (ending: Ending) => void): void {
	const fileOf = readOnce(run.deps.store.fileOf);
	for (const call of calls) void performed(run, call, { fileOf, over });
}

async function performed(
	run: Run,
	call: WantedCall,
	{ fileOf, over }: { fileOf: FileOf; over: (ending: Ending) => void },
): Promise<void> {
	const { deps, live } = run;
	const controller = new AbortController();
	// A backend that has no host tells nothing: it computes at once.
	live.set(call.id, { controller, agent: call.agent, stage: "streaming" });
	try {
		const { signal } = controller;
		const request = requestFor(run, call, fileOf);
		const orphan = run.takenUp.get(call.id);
		const result = await (orphan === undefined
			? modelCall(deps.open(call.model), request, { signal, listener: listenerOf(run, call.id) })
			: takingUp(deps, { call, orphan }, { request, signal, listener: listenerOf(run, call.id) }));
		if (live.get(call.id)?.controller === controller) over({ call, result });
	} catch (error) {
		deps.crashed(error);
		if (live.get(call.id)?.controller === controller) over({ call, result: internal });
	}
}

function requestFor({ deps, outcomes }: Run, call: WantedCall, fileOf: FileOf): ModelRequest {
	const state = deps.store.state();
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

function listenerOf({ deps, live, room, points, partials, flush, disk }: Run, call: CallId): Listener {
	const write = (...point: Parameters<Store["resumable"]>) => disk.write(() => deps.store.resumable(...point));
	const hear = hearingPoints(points, call, write);
	return {
		pieces: (pieces) => {
			if (!live.has(call)) return;
			for (const piece of pieces) room.take(call, piece);
			flush.soon();
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
