import { unreachable } from "../../src/std/assert.ts";
import type { Platform } from "../chat.ts";
import { ask } from "./work-ask.ts";
import { chosen, looked } from "./work-look.ts";
import { pressed } from "./work-press.ts";
import { jobOf } from "./job.ts";

/** Works on what the platform sent, which was acknowledged before. */
export const work: Platform["work"] = (deps) => async (delivery, signal) => {
	const job = jobOf(delivery.payload);
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
};
