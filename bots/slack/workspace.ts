import type { WebClient } from "@slack/web-api";
import type { InstallationRpc, Lane } from "../../durable-objects/installation/rpc.ts";
import type { Delivered } from "../../durable-objects/outbox/outbox.ts";
import type { BotDeps } from "../chat.ts";
import { clientOf } from "./client.ts";
import { faultOf, outcomeOf, remedyOf, type Fault, type Tried } from "./faults.ts";
import { keptOf } from "./inbound.ts";
import { disable, heldToken, type Held } from "./tokens.ts";

/** A workspace as one piece of work sees it. */
export type Workspace = {
	readonly id: string;
	readonly installation: InstallationRpc;
	readonly token: string;
	readonly client: WebClient;
};

/** Tokens of twelve hours are renewed so long before their end. */
export const refreshAheadMs = 2 * 60 * 60 * 1000;
/** How long somebody waits for a token that is being renewed. */
const refreshWaitMs = 3000;

/** The workspace with a token that holds, or how the row ends without one. */
export async function openWorkspace(
	deps: BotDeps,
	id: string,
	signal: AbortSignal,
): Promise<Workspace | { readonly closed: Delivered }> {
	const installation = deps.installation(`slack:${id}`);
	const held = await heldToken(deps, id);
	if ("absent" in held) return { closed: { outcome: "dead", reason: held.absent } };
	const leftMs = (held.rotation?.expiresAtMs ?? Number.POSITIVE_INFINITY) - deps.runtime.now();
	if (leftMs <= refreshAheadMs) await askForRefresh(installation, id, held);
	if (leftMs <= 0) return { closed: refreshing };
	return { id, installation, token: held.token, client: clientOf(deps, held.token, signal) };
}

const refreshing: Delivered = { outcome: "wait", afterMs: refreshWaitMs, reason: "the token is being renewed" };

/** A refresh token works once, so the workspace's own object renews it, as one row of its inbox, whoever asks how often. */
async function askForRefresh(
	installation: InstallationRpc,
	workspace: string,
	{ rotation }: Pick<Held, "rotation">,
): Promise<void> {
	if (rotation === null) return;
	const key = `refresh:${rotation.expiresAtMs}`;
	const payload = keptOf({ kind: "refresh", workspace });
	await installation.accept({ kind: "slack", key, place: "token", payload });
}

/** Rates per workspace: https://docs.slack.dev/apis/web-api/rate-limits. A full burst and a minute's filling stay below. */
const lanes = {
	"chat.update": { perMinute: 45, burst: 5 },
	"chat.postMessage": { perMinute: 60, burst: 3 },
	"chat.postEphemeral": { perMinute: 90, burst: 10 },
	"conversations.replies": { perMinute: 45, burst: 5 },
	files: { perMinute: 45, burst: 5 },
} as const;

/** Messages count by channel, everything else by workspace. */
export function laneOf(name: keyof typeof lanes, channel?: string): Lane {
	return { name: channel === undefined ? name : `${name} ${channel}`, ...lanes[name] };
}

/** A call in its lane: it waits there for its turn, and stops the lane for as long as Slack says. */
export async function inLane<T>(
	{ installation }: Pick<Workspace, "installation">,
	lane: Lane,
	call: () => Promise<T>,
): Promise<Tried<T>> {
	const waitMs = await installation.turn(lane);
	if (waitMs > 0) return { ok: false, fault: { kind: "busy", afterMs: waitMs } };
	const tried = await attempted(call);
	if (!tried.ok && tried.fault.kind === "busy") await installation.pause(lane.name, tried.fault.afterMs);
	return tried;
}

/** What a call has brought, or what went wrong with it; throws faults of our own. */
export async function attempted<T>(call: () => Promise<T>): Promise<Tried<T>> {
	try {
		return { ok: true, value: await call() };
	} catch (error) {
		const fault = faultOf(error);
		if (fault === null) throw error;
		return { ok: false, fault };
	}
}

/** How the row ends, after what its fault says about the token. */
export async function settled(deps: BotDeps, { id, installation, token }: Workspace, fault: Fault): Promise<Delivered> {
	if (fault.kind !== "refused") return outcomeOf(fault);
	switch (remedyOf(fault.word)) {
		case "refresh":
			return renewed(deps, id);
		case "disable":
			await disable(installation, token, fault.word);
			return outcomeOf(fault);
		default:
			return outcomeOf(fault);
	}
}

/** Slack says that the token is over: renewed once, where it can be. */
async function renewed(deps: BotDeps, id: string): Promise<Delivered> {
	const held = await heldToken(deps, id);
	if ("absent" in held || held.rotation === null) return outcomeOf({ kind: "refused", word: "token_expired" });
	await askForRefresh(deps.installation(`slack:${id}`), id, held);
	return refreshing;
}
