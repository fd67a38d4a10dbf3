import type { InstallationRpc } from "../../durable-objects/installation/rpc.ts";
import { excerpt } from "../../src/std/excerpt.ts";
import type { BotDeps } from "../chat.ts";
import type { Audience } from "./job.ts";

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

/** A channel, and whom it is shown to there: what was asked elsewhere, or in private, is nobody else's business. */
export type Circle = { readonly channel: string; readonly user: string; readonly audience: Audience };

/** This session was asked something there. */
export async function keepRecent(
	notes: Pick<InstallationRpc, "keep">,
	circle: Circle,
	{ session, title }: RecentSession,
): Promise<void> {
	const value = excerpt(title, titleCharsMax);
	await notes.keep({ kind: kindOf(circle), key: session, value, forMs: recentMs });
}

export type RecentSession = { readonly session: string; readonly title: string };

/** What was asked there lately, newest first. */
export async function recentOf(
	notes: Pick<InstallationRpc, "newest">,
	circle: Circle,
	limit: number,
): Promise<readonly RecentSession[]> {
	return (await notes.newest(kindOf(circle), limit)).map(({ key, value }) => ({ session: key, title: value }));
}

function kindOf({ channel, user, audience }: Circle): string {
	return audience === "channel" ? `recent ${channel}` : `recent ${channel} ${user}`;
}
