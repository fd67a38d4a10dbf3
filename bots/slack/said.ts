import type { AllMiddlewareArgs, SlackEventMiddlewareArgs } from "@slack/bolt";
import type { Delivered } from "../../durable-objects/outbox/outbox.ts";
import { threadSession } from "../asks.ts";
import { ask } from "./ask.ts";
import { SharedFiles } from "./attachments.ts";
import { steered } from "./steer.ts";
import { done, maySteer, tell, type Desk } from "./desk.ts";
import { helpText } from "./help.ts";
import { threadKey, type Place } from "./place.ts";
import { questionIn } from "./text.ts";

type Args<Name extends string> = AllMiddlewareArgs & SlackEventMiddlewareArgs<Name>;

/** A mention, a direct message, or a reply in a thread that is a session. */
export async function said(desk: Desk, { event }: Args<"app_mention"> | Args<"message">): Promise<Delivered> {
	const { bot, inbox } = desk;
	const { channel, ts } = event;
	const words = "text" in event ? (event.text ?? "") : "";
	const thread = "thread_ts" in event ? (event.thread_ts ?? ts) : ts;
	const place: Place = { workspace: inbox.workspace, channel, thread, ts };
	const isAddressed = inbox.key.startsWith("said:");
	if (!isAddressed && !(await isForUs(desk, place, words))) return done;
	const text = questionIn(words, bot);
	const files = SharedFiles.parse("files" in event ? event.files : []);
	if (text.toLowerCase() === "help") return tell(desk, place, helpText);
	const question = text === "" && files.length > 0 ? "What is in the attached files?" : text;
	return ask(desk, { place, text: question, files });
}

/** A reply to nobody in particular, in a thread that somebody has asked us in. */
async function isForUs({ workspace }: Desk, place: Place, words: string): Promise<boolean> {
	if (/^\s*<@[UW]/.test(words)) return false;
	return (await threadSession(workspace.installation, threadKey(place))) !== null;
}

/** Slack's own Stop button, where the app is an agent. */
export async function stopped(desk: Desk, { event }: Args<"agent_session_stopped">): Promise<Delivered> {
	const { channel, thread_ts: thread, user } = event;
	if (thread === undefined || user === undefined) return done;
	const session = await threadSession(desk.workspace.installation, threadKey({ channel, thread }));
	if (session === null || !maySteer(desk, session.asker)) return done;
	return steered(desk, { channel, thread }, { session: session.session, command: { action: "cancel" } });
}
