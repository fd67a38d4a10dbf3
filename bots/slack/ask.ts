import type { Delivered } from "../../durable-objects/outbox/outbox.ts";
import { ApiError } from "../../src/api/client.ts";
import { admitted, isAllowed, refusalWords } from "../admission.ts";
import { keepAsk, keepThread, threadSession } from "../asks.ts";
import { taken, type Shared, type Taken } from "./attachments.ts";
import { done, ended, tell, type Desk } from "./desk.ts";
import { noteTo } from "./render.ts";
import { addressOf, threadKey, type Place } from "./place.ts";
import { posted, type Where } from "./post.ts";
import { called, escaped, line, moment } from "./text.ts";

export type Question = {
	readonly place: Place;
	readonly text: string;
	readonly files?: readonly Shared[];
	/** Instead of whoever asks' usual team. */
	readonly team?: string;
};

/** Puts a question to the team: a new session, or the next turn of the thread's. Asking the same twice asks once. */
export async function ask(desk: Desk, question: Question): Promise<Delivered> {
	const { deps, inbox, workspace } = desk;
	const { place } = question;
	const { installation } = workspace;
	if (!isAnswering(desk, place)) return tell(desk, place, elsewhere);
	if (question.text === "") return tell(desk, place, "Mention me with a question, and the team answers it here.");
	const run = addressOf(place);
	const admission = await admitted(deps, installation, { run, user: inbox.user });
	if (!admission.ok) return tell(desk, place, refusalWords(admission, moment));
	// Before the session begins: its card needs to know who has asked.
	await keepAsk(installation, run, { asker: inbox.user });
	const files = await taken(desk, question.files ?? []);
	const started = await startedOr(() => start(desk, question, files));
	if ("refused" in started) {
		if (started.isPassing) return { outcome: "retry", afterMs: null, reason: started.refused };
		await installation.ended(run, 0);
		return tell(desk, place, `The team could not take this: ${escaped(started.refused)}`);
	}
	await remember(desk, question, started.session);
	if (files.skipped.length === 0) return done;
	return tell(desk, place, `The team did not get: ${files.skipped.map((why) => line(why, 200)).join(", ")}.`);
}

const elsewhere = "I am not allowed to answer in this channel.";

function isAnswering({ deps }: Desk, { channel }: Where): boolean {
	return isAllowed(deps.settings["SLACK_ALLOWED_CHANNELS"], channel);
}

type Started = { readonly session: string } | { readonly refused: string; readonly isPassing: boolean };

/** What the API refuses is told; what it cannot do now is tried again. */
async function startedOr(begin: () => Promise<string>): Promise<Started> {
	try {
		return { session: await begin() };
	} catch (error) {
		if (!(error instanceof ApiError)) throw error;
		const { status, detail, errors = [] } = error.problem;
		const faults = errors
			.map(({ path, message }) => (isSentence(message) ? message : `${path} ${message}`))
			.join("; ");
		return { refused: faults === "" ? detail : faults, isPassing: status >= 500 || status === 429 };
	}
}

/** Most messages go on after the name of what they are about: "must not be empty". */
function isSentence(message: string): boolean {
	return /^[A-Z]/.test(message);
}

async function start(desk: Desk, question: Question, { attachments }: Taken): Promise<string> {
	const { deps, workspace } = desk;
	const { place, text } = question;
	const address = addressOf(place);
	const chat = { kind: "slack" as const, address };
	const more = { chat, ...(attachments.length > 0 && { attachments: [...attachments] }) };
	const thread = await threadSession(workspace.installation, threadKey(place));
	// Another team is another session.
	if (thread !== null && question.team === undefined && (await sent(desk, thread.session, { text, more })))
		return thread.session;
	const team = question.team ?? (await usualTeam(desk));
	const body = { question: text, ...more, ...(team !== undefined && { team }) };
	const { id } = await deps.client.createSession(body, { idempotencyKey: `slack:${address}` });
	return id;
}

type More = Parameters<Desk["deps"]["client"]["send"]>[2];

/** False where the thread's session was deleted meanwhile. */
async function sent({ deps }: Desk, session: string, { text, more }: { text: string; more: More }): Promise<boolean> {
	try {
		await deps.client.send(session, text, more);
		return true;
	} catch (error) {
		if (error instanceof ApiError && error.problem.status === 404) return false;
		throw error;
	}
}

/** What a person has chosen on the app's page, or the deployment for all. */
export async function usualTeam({ deps, workspace, inbox }: Desk): Promise<string | undefined> {
	const chosen = await workspace.installation.kept("team", inbox.user);
	return chosen ?? deps.settings["CHAT_TEAM"];
}

const recentMs = 30 * 24 * 60 * 60 * 1000;

/** What a person has asked, for the app's page. */
export type Asked = {
	readonly session: string;
	readonly channel: string;
	readonly thread: string;
	readonly question: string;
};

async function remember({ workspace, inbox }: Desk, { place, text }: Question, session: string): Promise<void> {
	const { installation } = workspace;
	const { channel, thread } = place;
	const before = await threadSession(installation, threadKey(place));
	if (before?.session !== session) await keepThread(installation, threadKey(place), { session, asker: inbox.user });
	const asked: Asked = { session, channel, thread, question: text.slice(0, 200) };
	const value = JSON.stringify(asked);
	await installation.keep({ kind: askedKind(inbox.user), key: session, value, forMs: recentMs });
}

/** Under which kind of note a person's questions are kept. */
export function askedKind(user: string): string {
	return `asked:${user}`;
}

/** A question that was typed where only its author sees it is shown to the channel first; its `ts`, or how the row ends. */
export async function shownQuestion(
	desk: Desk,
	where: Where,
	text: string,
): Promise<{ readonly ts: string } | { readonly over: Delivered }> {
	const { workspace, inbox } = desk;
	const { installation } = workspace;
	if (!isAnswering(desk, where)) return { over: await tell(desk, where, elsewhere) };
	// Only a try whose end nobody saw can show it a second time.
	const before = await installation.kept("shown", inbox.key);
	if (before !== null) return { ts: before };
	const shown = await posted(workspace, where, noteTo(`${called(inbox.user)} asks: ${line(text, questionCharsMax)}`));
	if (!shown.ok && shown.fault.kind === "refused") {
		await ended(desk, shown.fault);
		return { over: await tell(desk, where, "I cannot write here. Invite me to this channel, then ask again.") };
	}
	if (!shown.ok) return { over: await ended(desk, shown.fault) };
	await installation.keep({ kind: "shown", key: inbox.key, value: shown.value, forMs: recentMs });
	return { ts: shown.value };
}

const questionCharsMax = 500;
