import type { InstallationRpc } from "../../durable-objects/installation/rpc.ts";
import { excerpt } from "../../src/std/excerpt.ts";
import type { BotDeps } from "../chat.ts";

/** What an installation remembers besides its asks: its team, and what was asked lately. */

const dayMs = 24 * 60 * 60 * 1000;
const teamMs = 3650 * dayMs;
const recentMs = 30 * dayMs;
const titleCharsMax = 80;

/** The team that is asked where nobody names one; null where the API decides. */
export async function teamOf({ settings }: BotDeps, notes: Pick<InstallationRpc, "kept">): Promise<string | null> {
	return (await notes.kept("team", "default")) ?? settings["CHAT_TEAM"] ?? null;
}

/** From now on this team is asked here. */
export async function keepTeam(notes: Pick<InstallationRpc, "keep">, name: string): Promise<void> {
	await notes.keep({ kind: "team", key: "default", value: name, forMs: teamMs });
}

/** This session was asked something here. */
export async function keepRecent(
	notes: Pick<InstallationRpc, "keep">,
	session: string,
	question: string,
): Promise<void> {
	await notes.keep({ kind: "recent", key: session, value: excerpt(question, titleCharsMax), forMs: recentMs });
}

export type RecentSession = { readonly session: string; readonly title: string };

/** What was asked here lately, newest first. */
export async function recentOf(
	notes: Pick<InstallationRpc, "newest">,
	limit: number,
): Promise<readonly RecentSession[]> {
	return (await notes.newest("recent", limit)).map(({ key, value }) => ({ session: key, title: value }));
}
