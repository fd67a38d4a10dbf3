import type { InstallationRpc } from "../durable-objects/installation/rpc.ts";
import { ApiError, type Client } from "../src/api/client.ts";
import type { BotDeps } from "./chat.ts";

/** A link by which whoever reads a chat watches a session: they have no key, and may change nothing. */
type Page = { readonly share: string; readonly url: string };

type Notes = Pick<InstallationRpc, "keep" | "kept" | "newest">;

const daySeconds = 24 * 60 * 60;
const linkSeconds = 30 * daySeconds;
/** Shorter than the link opens, so that none is shown that is about to end. */
const keptMs = (linkSeconds - daySeconds) * 1000;
const kind = "page";

/**
 * The session's link, made once: its token is told only then. It is kept unsealed, since the channel can read it as well.
 * Null where the deployment has not said where it is, or the session takes no more links: a card does without.
 */
export async function livePage(
	{ settings, client }: Pick<BotDeps, "settings" | "client">,
	installation: Notes,
	session: string,
): Promise<string | null> {
	if (settings["PUBLIC_URL"] === undefined) return null;
	const kept = await installation.kept(kind, session);
	if (kept !== null) return pageIn(kept).url;
	const page = await shared(client, session);
	if (page === null) return null;
	await installation.keep({ kind, key: session, value: JSON.stringify(page), forMs: keptMs });
	return page.url;
}

async function shared(client: Pick<Client, "share">, session: string): Promise<Page | null> {
	try {
		const { id, url } = await client.share(session, { expires_in_seconds: linkSeconds });
		return { share: id, url };
	} catch (error) {
		if (error instanceof ApiError) return null;
		throw error;
	}
}

/** The newest links that were made for this installation: which session each opens, and its name there. */
export async function livePages(installation: Notes, limit: number) {
	const kept = await installation.newest(kind, limit);
	return kept.map(({ key: session, value }) => ({ session, share: pageIn(value).share }));
}

/** Kept by us, so that the parse is trusted. */
function pageIn(kept: string): Page {
	const parsed: unknown = JSON.parse(kept);
	return parsed as Page;
}
