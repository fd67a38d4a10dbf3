import type { Platform } from "../chat.ts";
import { App } from "@slack/bolt";

/** Placeholder of this branch. */
export const work: Platform["work"] = () => async () => ({ outcome: "dead", reason: String(App) });
