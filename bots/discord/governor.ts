import type { BotDeps } from "../chat.ts";
import { call, type Answered, type Call } from "./rest.ts";

/** Discord counts all requests of an app together: https://docs.discord.com/developers/topics/rate-limits#global-rate-limit */
const global = { name: "global", perMinute: 2700, burst: 45 } as const;

/** A request in the app's turn. Where Discord takes nothing from anybody at the moment, nothing is sent. */
export async function send(deps: BotDeps, request: Call, signal: AbortSignal): Promise<Answered> {
	const app = deps.installation("discord");
	const waitMs = await app.turn(global);
	if (waitMs > 0) return { kind: "limited", afterMs: waitMs, scope: "global" };
	const answer = await call(deps, request, signal);
	if (answer.kind === "limited" && answer.scope === "global") await app.pause(global.name, answer.afterMs);
	return answer;
}
