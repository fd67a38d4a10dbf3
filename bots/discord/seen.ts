import type { BotDeps } from "../chat.ts";

/** What the endpoint has seen lately, for who sets the app up. */

export type Seen = "ping" | "signature_refused";

const keptMs = 30 * 24 * 60 * 60 * 1000;
/** Anybody can send what is refused, so that it must not be written each time. */
const everyMs = 60_000;
const notedMs = new WeakMap<BotDeps, Partial<Record<Seen, number>>>();

/** Written down at most once a minute; that it cannot be written hinders nothing. */
export async function noted(deps: BotDeps, what: Seen): Promise<void> {
	const nowMs = deps.runtime.now();
	const before = notedMs.get(deps) ?? {};
	if (nowMs - (before[what] ?? Number.NEGATIVE_INFINITY) < everyMs) return;
	notedMs.set(deps, { ...before, [what]: nowMs });
	try {
		const note = { kind: "seen", key: what, value: String(nowMs), forMs: keptMs };
		await deps.installation("discord").keep(note);
	} catch (error) {
		deps.crashed(error);
	}
}

/** When it was seen last (ms since the epoch); null where it was not. */
export async function lastSeen(deps: Pick<BotDeps, "installation">, what: Seen): Promise<number | null> {
	const kept = await deps.installation("discord").kept("seen", what);
	return kept === null ? null : Number(kept);
}
