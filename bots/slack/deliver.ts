import type { Platform } from "../chat.ts";

/** Placeholder of this branch. */
export const deliver: Platform["deliver"] = () => async () => ({ outcome: "dead", reason: "not built yet" });
