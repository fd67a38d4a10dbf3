import { unreachable } from "../../src/std/assert.ts";
import type { Delivered } from "../../durable-objects/outbox/outbox.ts";
import { ApiError } from "../../src/api/client.ts";
import type { BotDeps, Platform } from "../chat.ts";
import { jobOf, type Job } from "./job.ts";
import { ask } from "./work-ask.ts";
import { chosen, looked } from "./work-look.ts";
import { pressed } from "./work-press.ts";

/** Works on what the platform sent, which was acknowledged before. */
export const work: Platform["work"] = (deps) => async (delivery, signal) => {
	try {
		return await done(deps, jobOf(delivery.payload), signal);
	} catch (error) {
		// Refusals were told to who asked; the rest is a matter of time.
		if (!(error instanceof ApiError)) throw error;
		return { outcome: "retry", afterMs: null, reason: `the API answered ${error.problem.status}` };
	}
};

function done(deps: BotDeps, job: Job, signal: AbortSignal): Promise<Delivered> {
	switch (job.do) {
		case "ask":
			return ask(deps, job, signal);
		case "press":
			return pressed(deps, job, signal);
		case "team":
			return chosen(deps, job, signal);
		case "status":
			return looked(deps, job, signal);
		default:
			return unreachable(job);
	}
}
