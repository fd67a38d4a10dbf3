import type { Platform } from "../chat.ts";

/** `POST /webhooks/slack`: placeholder of this branch. */
export const receive: Platform["receive"] = () => async () => new Response(null, { status: 503 });
