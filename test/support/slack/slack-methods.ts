import type { JsonObject } from "../../../src/std/json.ts";
import type { Budget } from "../chat/rates.ts";
import { setSessionStatus, setSuggestedPrompts, setThreadStatus } from "./methods-agent.ts";
import { postEphemeral, postMessage, remove, replies, update, validateBlocks } from "./methods-chat.ts";
import { completeUpload, uploadUrl } from "./methods-files.ts";
import { revoke } from "./methods-oauth.ts";
import { appendStream, startStream, stopStream } from "./methods-stream.ts";
import { openView, publishView, updateView } from "./methods-views.ts";
import { keep, refused, textArg, type Channel, type Method } from "./slack-state.ts";

/** `formOnly`: arguments in JSON are not read. */
type Row = {
	readonly run: Method;
	readonly scope: string | null | ((args: JsonObject) => string);
	readonly budget: Budget;
	readonly formOnly?: true;
};

const minute = 60_000;
const tier = {
	t1: { max: 1, windowMs: minute },
	t2: { max: 20, windowMs: minute },
	t3: { max: 50, windowMs: minute },
	t4: { max: 100, windowMs: minute },
	special: { max: 600, windowMs: minute },
} as const satisfies Record<string, Budget>;

const authTest: Method = ({ token }, state) => {
	const team = state.teams.get(token.team);
	return {
		url: `${state.url}/`,
		team: `Team ${token.team}`,
		user: "massgen",
		team_id: token.team,
		user_id: team?.botUser ?? "",
		bot_id: `B${(team?.botUser ?? "").slice(1)}`,
		is_enterprise_install: false,
	};
};

const userOf: Method = ({ args, token }, state) => {
	const user = textArg(args, "user");
	const team = state.teams.get(token.team);
	if (!team?.users.includes(user) && team?.botUser !== user) return refused("user_not_found");
	const name = user.toLowerCase();
	return { user: { id: user, team_id: token.team, name, is_bot: user === team.botUser, tz: "Europe/Berlin" } };
};

const openConversation: Method = ({ args, token }, state) => {
	const users = textArg(args, "users").split(",");
	const [user = ""] = users;
	if (users.length !== 1 || !state.teams.get(token.team)?.users.includes(user)) return refused("user_not_found");
	return { channel: { id: directWith(user) } };
};

/** A person's conversation with the bot, which is always there. */
export function directWith(user: string): string {
	return `D${user.slice(1)}`;
}

function historyScope(args: JsonObject): string {
	return textArg(args, "channel").startsWith("D") ? "im:history" : "channels:history";
}

/** Every method that the fake knows, with the scope that it needs and how often a team may call it. */
export const slackMethods: Readonly<Record<string, Row>> = {
	"auth.test": { run: authTest, scope: null, budget: tier.special },
	"auth.revoke": { run: revoke, scope: null, budget: tier.t3, formOnly: true },
	"chat.postMessage": { run: postMessage, scope: "chat:write", budget: tier.special },
	"chat.update": { run: update, scope: "chat:write", budget: tier.t3 },
	"chat.postEphemeral": { run: postEphemeral, scope: "chat:write", budget: tier.t4 },
	"chat.delete": { run: remove, scope: "chat:write", budget: tier.t3 },
	"chat.startStream": { run: startStream, scope: "chat:write", budget: tier.t2 },
	"chat.appendStream": { run: appendStream, scope: "chat:write", budget: tier.t4 },
	"chat.stopStream": { run: stopStream, scope: "chat:write", budget: tier.t2 },
	// Once a minute for an app that is sold outside the Marketplace.
	"conversations.replies": { run: replies, scope: historyScope, budget: tier.t1, formOnly: true },
	"conversations.open": { run: openConversation, scope: "im:write", budget: tier.t3 },
	"views.open": { run: openView, scope: null, budget: tier.t4 },
	"views.update": { run: updateView, scope: null, budget: tier.t4 },
	"views.publish": { run: publishView, scope: null, budget: tier.t4 },
	"files.getUploadURLExternal": { run: uploadUrl, scope: "files:write", budget: tier.t4, formOnly: true },
	"files.completeUploadExternal": { run: completeUpload, scope: "files:write", budget: tier.t4 },
	"assistant.threads.setStatus": { run: setThreadStatus, scope: "chat:write", budget: tier.special },
	"assistant.threads.setSuggestedPrompts": {
		run: setSuggestedPrompts,
		scope: "assistant:write",
		budget: tier.special,
	},
	"agents.sessions.setStatus": { run: setSessionStatus, scope: "chat:write", budget: tier.special },
	"users.info": { run: userOf, scope: "users:read", budget: tier.t4, formOnly: true },
	"blocks.validate": { run: validateBlocks, scope: null, budget: tier.t3 },
};

/** A person says something, as the bot would find it in a thread. */
export function sayAs(
	channel: Channel,
	said: { readonly user: string; readonly ts: string; readonly text: string; readonly threadTs?: string },
): void {
	keep(channel, {
		ts: said.ts,
		threadTs: said.threadTs ?? null,
		user: said.user,
		ephemeralTo: null,
		metadata: null,
		text: said.text,
		blocks: [],
		files: [],
		isEdited: false,
		stream: "none",
	});
}
