import type { BotDeps } from "../chat.ts";

/** Where a session can be watched; null where the deployment has not said where it is. */
export function pageOf({ settings }: Pick<BotDeps, "settings">, session: string): string | null {
	const base = settings["PUBLIC_URL"];
	return base === undefined ? null : `${base.replace(/\/+$/, "")}/s/${encodeURIComponent(session)}`;
}
