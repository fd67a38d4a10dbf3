import { z } from "zod";
import { Session } from "./contract.ts";

/** Links by which others may read one session, without the key. */

const daySeconds = 24 * 60 * 60;
/** A shorter life than a minute ends before the link is opened; a longer one than a year is forgotten by its owner. */
export const shareSeconds = { min: 60, max: 365 * daySeconds, default: 30 * daySeconds } as const;

/** `expires_in_seconds` null: until it is ended. */
export const CreateShare = z.strictObject({
	expires_in_seconds: z.int().min(shareSeconds.min).max(shareSeconds.max).nullable().default(shareSeconds.default),
});

/** Never with its token: whoever has that has the link. */
const shareListed = z.object({ id: z.string(), created_at: z.string(), expires_at: z.string().nullable() });
export const ShareList = z.object({ shares: z.array(shareListed).readonly() });
export type ShareList = z.output<typeof ShareList>;

/** The only answer that ever holds the token. */
export const Share = shareListed.extend({ token: z.string(), url: z.string() });
export type Share = z.output<typeof Share>;

/** `GET /v1/shared/{token}`: the session without what is its owner's alone; `expires_at` is the link's. */
export const SharedSession = Session.omit({ calls: true, pace: true, storage: true, deliveries: true }).extend({
	expires_at: z.string().nullable(),
});
export type SharedSession = z.output<typeof SharedSession>;
