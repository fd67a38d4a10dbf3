import type { Delivered } from "../../durable-objects/outbox/outbox.ts";
import { keepThread } from "../asks.ts";
import { threadName } from "./final.ts";
import { send } from "./governor.ts";
import { keepPosted, type Posted } from "./kept.ts";
import { flags, quietly } from "./message.ts";
import { nonceOf } from "./nonce.ts";
import { recentIn } from "./recent-messages.ts";
import { fieldOf } from "./rest.ts";
import { isLasting, undecided, type Target } from "./target.ts";

/** The whole of a long answer, below its beginning. What fails for good here is in the file all the same. */
export async function threaded(target: Target, chunks: readonly string[], posted: Posted): Promise<Delivered> {
	const { isThread, takesThreads } = target.ask.place;
	const mayGoOn = isLasting(target) && (isThread || takesThreads) && posted.message !== "";
	if (!mayGoOn) return { outcome: "sent", ref: posted.message };
	const thread = posted.thread ?? (await opened(target, posted));
	return typeof thread === "string" ? continued(target, chunks, { ...posted, thread }) : thread;
}

/** A question that was asked in a thread is answered there; else the answer gets one, which is its session from then on. */
async function opened(target: Target, posted: Posted): Promise<string | Delivered> {
	const { installation, payload, ask } = target;
	const { isThread, channel, user } = ask.place;
	const thread = isThread ? channel : await started(target, posted.message);
	if (typeof thread !== "string") return thread;
	if (!isThread) await keepThread(installation, thread, { session: payload.session, asker: user });
	return thread;
}

/** A message has one thread, with the message's own id. */
async function started({ deps, told, ask, signal }: Target, message: string): Promise<string | Delivered> {
	const path = `/channels/${ask.place.channel}/messages/${message}/threads`;
	const body = { name: threadName(told.view.question), auto_archive_duration: 1440 };
	const came = await send(deps, { method: "POST", path, as: "bot", body }, signal);
	if (came.kind === "limited" || came.kind === "unknown") return undecided(came);
	if (came.kind === "ok" || came.code === alreadyThere) return message;
	return { outcome: "sent", ref: message };
}

const alreadyThere = 160_004;

/** Piece by piece, each written down once it stands there. */
async function continued(
	target: Target,
	chunks: readonly string[],
	posted: Posted & { readonly thread: string },
): Promise<Delivered> {
	const { installation, delivery } = target;
	const path = `/channels/${posted.thread}/messages`;
	const there = delivery.tries === 0 ? { messages: [] } : await recentIn(target, path);
	if ("outcome" in there) return there;
	const texts = new Set(there.messages.map((message) => fieldOf(message, "content")));
	for (const [at, content] of chunks.entries()) {
		if (at < posted.chunks) continue;
		const stands = texts.has(content) || (await written(target, { path, at, content }));
		if (typeof stands !== "boolean") return stands;
		if (!stands) break;
		await keepPosted(installation, delivery.address, { ...posted, chunks: at + 1 });
	}
	return { outcome: "sent", ref: posted.message };
}

type Piece = { readonly path: string; readonly at: number; readonly content: string };

/** Whether it stands there; false where nothing more can. */
async function written({ deps, delivery, signal }: Target, { path, at, content }: Piece): Promise<boolean | Delivered> {
	const unique = { nonce: await nonceOf(`${delivery.address} ${at}`), enforce_nonce: true };
	const body = { content, flags: flags.suppressEmbeds, ...quietly, ...unique };
	const came = await send(deps, { method: "POST", path, as: "bot", body }, signal);
	return came.kind === "ok" || came.kind === "refused" ? came.kind === "ok" : undecided(came);
}
