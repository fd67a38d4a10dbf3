import type { BotDeps } from "../chat.ts";

/** What the app's set-up looks like from inside, for the checks: kept with the app as a whole. */

const keptMs = 30 * 24 * 60 * 60 * 1000;
/** Anybody can send wrong signatures: that must not become a write each. */
const spacingMs = 60_000;

export type Health = {
	/** When Slack last verified the address; null: never. */
	readonly verifiedAt: string | null;
	/** The last request that was refused, and why. */
	readonly failure: { readonly at: string; readonly what: string } | null;
};

let notedMs = Number.NEGATIVE_INFINITY;

/** A request was refused: at most one of a minute is remembered. */
export async function noteFailure(deps: Pick<BotDeps, "installation" | "runtime">, what: string): Promise<void> {
	const nowMs = deps.runtime.now();
	if (Math.abs(nowMs - notedMs) < spacingMs) return;
	notedMs = nowMs;
	await keep(deps, "failure", { at: new Date(nowMs).toISOString(), what });
}

/** Slack has found us under the address that the app's settings hold. */
export async function noteVerified(deps: Pick<BotDeps, "installation" | "runtime">): Promise<void> {
	await keep(deps, "verified", { at: new Date(deps.runtime.now()).toISOString() });
}

/** What was noted last. */
export async function healthOf({ installation }: Pick<BotDeps, "installation">): Promise<Health> {
	const app = installation("slack");
	const [verified, failure] = await Promise.all([app.kept("health", "verified"), app.kept("health", "failure")]);
	return {
		verifiedAt: verified === null ? null : (JSON.parse(verified) as { at: string }).at,
		failure: failure === null ? null : (JSON.parse(failure) as { at: string; what: string }),
	};
}

async function keep({ installation }: Pick<BotDeps, "installation">, key: string, value: object): Promise<void> {
	await installation("slack").keep({ kind: "health", key, value: JSON.stringify(value), forMs: keptMs });
}
