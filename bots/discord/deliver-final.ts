import type { Delivered } from "../../durable-objects/outbox/outbox.ts";
import { cardOf } from "../card.ts";
import { forgetToken, type Token } from "./ask.ts";
import { finalInPlace, finalOf, finalPlain, isFinalOf, type Answer, type Final } from "./final.ts";
import { send } from "./governor.ts";
import { cardAt, keepPosted, postedAt, stop, type Posted } from "./kept.ts";
import { flags } from "./message.ts";
import { nonceOf } from "./nonce.ts";
import { owe } from "./owed.ts";
import { recentIn } from "./recent-messages.ts";
import { refusalOf } from "./refusal.ts";
import { fieldOf, webhookPath, type Answered, type Call, type Refused } from "./rest.ts";
import { threaded } from "./thread.ts";
import { dead, isLasting, isRacing, liveToken, racing, undecided, type Target } from "./target.ts";

/** The answer, once: whatever was posted is written down before anything else is done. */
export async function deliverFinal(target: Target): Promise<Delivered> {
	const { installation, delivery } = target;
	const answer = answerOf(target);
	const final = finalOf(answer);
	const known = await postedAt(installation, delivery.address);
	const posted = known ?? (await first(target, answer, final));
	if ("outcome" in posted) return posted;
	return final.chunks.length === 0
		? { outcome: "sent", ref: posted.message }
		: threaded(target, final.chunks, posted);
}

function answerOf({ told, payload, interaction, ask, page }: Target): Answer {
	return {
		card: cardOf(told),
		view: told.view,
		asker: ask.place.user,
		session: payload.session,
		ask: interaction,
		page,
	};
}

async function first(target: Target, answer: Answer, final: Final): Promise<Posted | Delivered> {
	const delivered = isLasting(target) ? await byBot(target, answer, final) : "bot may not";
	return delivered === "bot may not" ? byToken(target, answer, final) : delivered;
}

async function byBot(target: Target, answer: Answer, final: Final): Promise<Posted | Delivered | "bot may not"> {
	const { deps, installation, delivery, ask, signal } = target;
	const path = `/channels/${ask.place.channel}/messages`;
	const found = delivery.tries === 0 ? null : await lookedUp(target, answer, path);
	if (found !== null) return found;
	const card = await cardAt(installation, delivery.address);
	const reply = card === null ? {} : { message_reference: { message_id: card, fail_if_not_exists: false } };
	const unique = { nonce: await nonceOf(`${delivery.address} final`), enforce_nonce: true };
	const create = (body: object, { file }: Final): Call => ({
		method: "POST",
		path,
		as: "bot",
		body: { ...body, ...unique },
		...(file !== null && { file }),
	});
	let came = await send(deps, create({ ...final.body, ...reply }, final), signal);
	// Also where the bot may not read what it replies to: plainer, and of its own.
	if (isForm(came, "bot") || isOf(came, cannotReply))
		came = await send(deps, create(finalPlain(answer).body, finalPlain(answer)), signal);
	if (came.kind === "refused") return "bot may not";
	return came.kind === "ok" ? remembered(target, fieldOf(came.body, "id")) : undecided(came);
}

const cannotReply = 160_002;

function isOf(answer: Answered, code: number): boolean {
	return answer.kind === "refused" && answer.code === code;
}

function isForm(answer: Answered, as: "bot" | "interaction"): boolean {
	return answer.kind === "refused" && refusalOf(answer, as) === "form";
}

/** A try whose end nobody saw may have arrived: null where it has not, or where only the message's number can tell. */
async function lookedUp(target: Target, answer: Answer, path: string): Promise<Posted | Delivered | null> {
	const came = await recentIn(target, path);
	if ("outcome" in came) return came;
	const found = came.messages.find((message) => isFinalOf(answer, message));
	return found === undefined ? null : remembered(target, fieldOf(found, "id"));
}

async function remembered({ installation, delivery }: Target, id: unknown): Promise<Posted> {
	const posted = { message: typeof id === "string" ? id : "", thread: null, chunks: 0 };
	await keepPosted(installation, delivery.address, posted);
	return posted;
}

/** As a follow-up, which notifies; in the card's place where no further message is taken, or one may be there already. */
async function byToken(target: Target, answer: Answer, final: Final): Promise<Posted | Delivered> {
	const { deps, delivery, ask, signal } = target;
	const token = await liveToken(target);
	if (token === null) return unreachableNow(target);
	const path = webhookPath({ ...token, app: ask.app });
	// No number protects a follow-up from being posted twice, and nobody can look: an edit is the same at each try.
	if (delivery.tries > 0) return inPlace(target, answer, token);
	const hidden = ask.audience === "asker" ? flags.ephemeral : 0;
	const body = { ...final.body, flags: flagsIn(final.body) | hidden };
	const request: Call = { method: "POST", path: `${path}?wait=true`, as: "interaction", body };
	const came = await send(deps, final.file === null ? request : { ...request, file: final.file }, signal);
	if (came.kind === "ok") return remembered(target, fieldOf(came.body, "id"));
	if (came.kind !== "refused") return undecided(came);
	if (refusalOf(came, "interaction") === "token") return lost(target, token, came);
	return inPlace(target, answer, token);
}

function flagsIn(body: object): number {
	const value = fieldOf(body, "flags");
	return typeof value === "number" ? value : 0;
}

async function inPlace(target: Target, answer: Answer, token: Token): Promise<Posted | Delivered> {
	const { deps, installation, delivery, ask, signal } = target;
	const path = `${webhookPath({ ...token, app: ask.app })}/messages/@original`;
	const came = await send(deps, { method: "PATCH", path, as: "interaction", body: finalInPlace(answer) }, signal);
	if (came.kind === "unknown" || came.kind === "limited") return undecided(came);
	if (came.kind === "refused")
		return refusalOf(came, "interaction") === "token" ? lost(target, token, came) : unreachableNow(target);
	await stop(installation, delivery.address, "the answer stands in its place");
	return remembered(target, fieldOf(came.body, "id"));
}

async function lost(target: Target, token: Token, refused: Refused): Promise<Delivered> {
	if (isRacing(target, token, refused)) return racing;
	await forgetToken(target.installation, target.delivery.address);
	return unreachableNow(target);
}

/** It stays where the session is: in the API and on its page. */
async function unreachableNow({ installation, delivery }: Target): Promise<Delivered> {
	await owe(installation, delivery);
	return dead("nothing that Discord takes leads to where this was asked; the answer is in the session");
}
