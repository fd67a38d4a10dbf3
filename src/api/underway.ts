import { z } from "zod";

/** Whether what happens can be written. Failing: nothing is lost and nothing starts; it is tried again. */
export const StorageState = z.discriminatedUnion("state", [
	z.object({ state: z.literal("ok") }),
	z.object({ state: z.literal("failing"), since: z.string(), detail: z.string() }),
]);

/** Where a call that is under way stands. */
export const CallState = z.enum(["queued", "paced", "waiting", "streaming"]);

/** What holds back a session's calls: its own slots, and what the hosts it asks allow. Null: a host has not told. */
export const Pace = z.object({
	waiting_for_headers: z.object({ max: z.int(), taken: z.int(), queued: z.int() }),
	hosts: z
		.array(
			z.object({
				backend: z.string(),
				model: z.string(),
				state: z.enum(["closed", "open", "probing"]),
				requests_left: z.int().nullable(),
				tokens_left: z.int().nullable(),
				resets_at: z.string().nullable(),
			}),
		)
		.readonly(),
});
