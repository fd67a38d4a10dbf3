import type { Platform } from "../chat.ts";

/** Placeholder of this branch. */
export const install: Platform["install"] = () => async () => new Response(null, { status: 503 });
