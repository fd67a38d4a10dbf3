import type { Platform } from "../chat.ts";

/** Placeholder of this branch. */
export const work: Platform["work"] = () => async () => ({ outcome: "dead", reason: "not built yet" });
