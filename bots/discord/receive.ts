import type { Platform } from "../chat.ts";

/** `POST /webhooks/discord`: placeholder of this branch. */
export const receive: Platform["receive"] = () => async () => new Response(null, { status: 503 });
