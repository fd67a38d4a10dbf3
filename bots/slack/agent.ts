import type { Told } from "../told.ts";
import type { BotDeps } from "../chat.ts";
import { plain } from "./text.ts";
import type { Where } from "./post.ts";
import { attempted, type Workspace } from "./workspace.ts";

const titleCharsMax = 200;

/**
 * Slack's own status of an agent's session, with its own Stop button, for apps that are declared agents:
 * https://docs.slack.dev/ai/agent-sessions. It adorns the card; whether it works changes nothing.
 */
export async function showStatus(
	{ settings }: Pick<BotDeps, "settings">,
	{ client }: Workspace,
	{ channel, thread, told, asker }: Where & { readonly told: Told; readonly asker: string },
): Promise<void> {
	if (settings["SLACK_AGENT"] === undefined) return;
	const status = statusOf(told);
	const title = plain(told.view.question, titleCharsMax);
	const initiator = asker === "" ? {} : { initiator_user_id: asker };
	await attempted(() =>
		client.agents.sessions.setStatus({ channel_id: channel, thread_ts: thread, status, title, ...initiator }),
	);
}

function statusOf({ view }: Told): "processing" | "suspended" | "active" {
	if (view.phase === "done" || view.phase === "failed" || view.phase === "cancelled") return "active";
	return view.waiting === null ? "processing" : "suspended";
}
