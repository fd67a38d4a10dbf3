import type { Delivered } from "../../durable-objects/outbox/outbox.ts";
import type { InstallationRpc } from "../../durable-objects/installation/rpc.ts";
import { keepThread, threadSession } from "../asks.ts";
import type { BotDeps } from "../chat.ts";
import { addressOf, remember } from "./ask.ts";
import { fetched, type Attached } from "./attachments.ts";
import { isGone } from "./gone.ts";
import type { Asking, From } from "./job.ts";
import { keepRecent, teamOf } from "./memory.ts";
import { answered, refusalOf } from "./said.ts";

type Ask = Asking & { readonly from: From };

/** Begins a run, or the next turn of a session; once, however often it is tried. */
export async function ask(deps: BotDeps, job: Ask, signal: AbortSignal): Promise<Delivered> {
	const { from, question, audience } = job;
	const installation = deps.installation(`discord:${from.place.owner}`);
	await remember(installation, job);
	const files = await fetched(deps, job.files, signal);
	if (!files.ok) return refused(deps, job, "I could not fetch the file from Discord. Please ask again.", signal);
	try {
		const session = await begun(deps, { installation, job, attached: files.attached });
		await keepRecent(installation, { ...from.place, audience }, { session, title: question });
		return { outcome: "sent" };
	} catch (error) {
		const words = refusalOf(error);
		// Ours to mend, or a matter of time: it is tried again.
		if (words === null) throw error;
		return refused(deps, job, words, signal);
	}
}

type Beginning = {
	readonly installation: InstallationRpc;
	readonly job: Ask;
	readonly attached: readonly Attached[];
};

async function begun(deps: BotDeps, beginning: Beginning): Promise<string> {
	const { installation, job } = beginning;
	const { place } = job.from;
	const known = await knownSession(installation, job);
	if (known !== null && (await isSent(deps, known, beginning))) return known;
	const id = await created(deps, beginning);
	if (place.isThread && job.session.is === "here")
		await keepThread(installation, place.channel, { session: id, asker: place.user });
	return id;
}

/** Who names a team wants that one, not the thread's. */
async function knownSession(installation: InstallationRpc, { session, team, from }: Ask): Promise<string | null> {
	if (session.is === "known") return session.id;
	if (session.is === "new" || team !== null || !from.place.isThread) return null;
	return (await threadSession(installation, from.place.channel))?.session ?? null;
}

/** False where the session was deleted meanwhile. */
async function isSent(deps: BotDeps, session: string, { job, attached }: Beginning): Promise<boolean> {
	try {
		await deps.client.send(session, job.question, { ...sentWith(attached), chat: chatOf(job) });
		return true;
	} catch (error) {
		if (isGone(error)) return false;
		throw error;
	}
}

async function created(deps: BotDeps, { installation, job, attached }: Beginning): Promise<string> {
	const team = job.team ?? (await teamOf(deps, installation));
	const body = {
		question: job.question,
		...(team !== null && { team }),
		...sentWith(attached),
		chat: chatOf(job),
	};
	const { id } = await deps.client.createSession(body, { idempotencyKey: `discord-${job.from.interaction}` });
	return id;
}

function sentWith(attachments: readonly Attached[]) {
	return attachments.length === 0 ? {} : { attachments: [...attachments] };
}

function chatOf({ from }: Ask) {
	return { kind: "discord", address: addressOf(from.place, from.interaction) } as const;
}

async function refused(deps: BotDeps, { from }: Ask, words: string, signal: AbortSignal): Promise<Delivered> {
	await deps.installation(`discord:${from.place.owner}`).ended(from.interaction, 0);
	return answered(deps, from, { content: words }, signal);
}
