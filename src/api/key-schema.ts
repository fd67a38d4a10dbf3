import { z } from "zod";

/** Keys of providers that the tenant stores: they go in and never come out. */

const keyCharsMax = 4096;
const urlCharsMax = 2048;

export const PutKey = z.strictObject({
	/** It goes into a header of each call, so nothing may stand in it that a header does not take. */
	key: z
		.string()
		.trim()
		.min(1)
		.max(keyCharsMax)
		.regex(/^[\x21-\x7e]*$/, "must be printable ASCII without spaces"),
	/** Where the key is good for, if not at the host's own address. */
	base_url: z.string().min(1).max(urlCharsMax).nullable().default(null),
});

export const TestBackend = z.strictObject({ model: z.string().min(1).max(200).exactOptional() });

/** What came of one small call: `detail` says in words what was answered, or why it failed. */
export const BackendTested = z.object({
	ok: z.boolean(),
	latency_ms: z.number(),
	model: z.string(),
	detail: z.string(),
});
export type BackendTested = z.output<typeof BackendTested>;
