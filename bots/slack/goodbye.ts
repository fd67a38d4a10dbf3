import type { Delivered } from "../../durable-objects/outbox/outbox.ts";
import { ApiError } from "../../src/api/client.ts";
import { threadSessions } from "../asks.ts";
import type { BotDeps } from "../chat.ts";
import { livePages } from "../page.ts";
import { done } from "./desk.ts";

/** Of each kind; so many notes are given at once, and no workspace has more runs at once. */
const lookedAtMax = 100;

/**
 * The app was removed, or its token was: nothing of this workspace is kept here, what it had asked is stopped, and the
 * links shown in it open nothing any more. Its sessions stay: they are the deployment's own record of what it has paid
 * for, kept and deleted as all others are, and a token may be revoked by mistake. Without a token nothing is delivered.
 */
export async function goodbye({ client, installation }: BotDeps, workspace: string): Promise<Delivered> {
	const leaving = installation(`slack:${workspace}`);
	const [sessions, pages] = await Promise.all([
		threadSessions(leaving, lookedAtMax),
		livePages(leaving, lookedAtMax),
	]);
	await Promise.all([
		...sessions.map((session) => ifThere(() => client.steer(session, { action: "cancel" }))),
		...pages.map(({ session, share }) => ifThere(() => client.unshare(session, share))),
	]);
	// Ends this row as well: it is one of what is deleted.
	await leaving.purge();
	return done;
}

/** What is over or gone already is as it should be. */
async function ifThere(act: () => Promise<unknown>): Promise<void> {
	try {
		await act();
	} catch (error) {
		if (!(error instanceof ApiError) || error.problem.status >= 500) throw error;
	}
}
