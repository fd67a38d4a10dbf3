import { z } from "zod";
import { BackendListed } from "./backend-list.ts";

/** One thing that a deployment needs or may have. `fix`: what to do where it is not there; null where nothing is to be done. */
const SetupCheck = z.object({
	name: z.string(),
	ok: z.boolean(),
	detail: z.string(),
	fix: z.string().nullable(),
});
export type SetupCheck = z.output<typeof SetupCheck>;

/** `GET /v1/setup`: what this deployment has, and what it lacks. */
export const Setup = z.object({
	version: z.string(),
	checks: z.array(SetupCheck).readonly(),
	backends: z.array(BackendListed.pick({ name: true, ready: true, key: true, why: true })).readonly(),
});
export type Setup = z.output<typeof Setup>;
