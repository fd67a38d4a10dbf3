import type { Delivered } from "../../durable-objects/outbox/outbox.ts";
import { cardOf } from "../card.ts";
import { forgetToken, type Token } from "./ask.ts";
import { send } from "./governor.ts";
import { keepCard, stop, stopped } from "./kept.ts";
import { nonceOf } from "./nonce.ts";
import { owe } from "./owed.ts";
import { refusalOf } from "./refusal.ts";
import { cardMessage, cardPlain, type Shown } from "./render.ts";
import { fieldOf, webhookPath, type Answered, type Call } from "./rest.ts";
import { cardToken, dead, isLasting, isRacing, racing, undecided, type Target } from "./target.ts";

/** The living card: by the token of the interaction while that lives, by the bot's own right afterwards. */
export async function deliverCard(target: Target): Promise<Delivered> {
	const { installation, delivery } = target;
	const why = await stopped(installation, delivery.address);
	if (why !== null) return dead(why);
	const token = await cardToken(target);
	if (token !== null) {
		const delivered = await byToken(target, token);
		if (delivered !== "token is dead") return delivered;
		await forgetToken(installation, delivery.address);
	}
	if (isLasting(target)) return byBot(target);
	await owe(installation, delivery);
	return dead("its token is over, and only a click on the card brings another");
}

async function byToken(target: Target, token: Token): Promise<Delivered | "token is dead"> {
	const path = `${webhookPath({ ...token, app: target.ask.app })}/messages/@original`;
	const answer = await edited(target, { method: "PATCH", path, as: "interaction" });
	if (answer.kind === "refused" && refusalOf(answer, "interaction") === "token")
		return isRacing(target, token, answer) ? racing : "token is dead";
	return ended(target, answer, "interaction");
}

async function byBot(target: Target): Promise<Delivered> {
	const { delivery, ask } = target;
	const path = `/channels/${ask.place.channel}/messages`;
	if (delivery.ref !== null)
		return ended(
			target,
			await edited(target, { method: "PATCH", path: `${path}/${delivery.ref}`, as: "bot" }),
			"bot",
		);
	const unique = { nonce: await nonceOf(`${delivery.address} card`), enforce_nonce: true };
	return ended(target, await edited(target, { method: "POST", path, as: "bot" }, unique), "bot");
}

/** Once more as plainly as can be where Discord does not take what we made of it. */
async function edited(target: Target, request: Call, more: object = {}): Promise<Answered> {
	const { deps, signal } = target;
	const shown = shownBy(target);
	const answer = await send(deps, { ...request, body: { ...cardMessage(shown), ...more } }, signal);
	if (answer.kind !== "refused" || refusalOf(answer, request.as) !== "form") return answer;
	deps.crashed(new Error(`Discord refused a card (${answer.code})`));
	return send(deps, { ...request, body: { ...cardPlain(shown), ...more } }, signal);
}

function shownBy(target: Target): Shown {
	const { told, payload, interaction, page } = target;
	return {
		card: cardOf(told),
		question: told.view.question,
		session: payload.session,
		ask: interaction,
		page,
		mortal: isLasting(target) ? "lasting" : "mortal",
	};
}

/** What cannot be edited any more is not tried again: the final is a message of its own. */
async function ended(target: Target, answer: Answered, as: "bot" | "interaction"): Promise<Delivered> {
	const { installation, delivery } = target;
	if (answer.kind === "ok") {
		const id = fieldOf(answer.body, "id");
		if (typeof id !== "string") return { outcome: "sent" };
		if (delivery.ref !== id) await keepCard(installation, delivery.address, id);
		return { outcome: "sent", ref: id };
	}
	if (answer.kind !== "refused") return undecided(answer);
	const reason = reasons[refusalOf(answer, as)] ?? `Discord refused the card (${answer.code || answer.status})`;
	await stop(installation, delivery.address, reason);
	return dead(reason);
}

const reasons: Partial<Record<ReturnType<typeof refusalOf>, string>> = {
	message: "the card was deleted",
	place: "the bot may not write there",
	enough: "the card takes no more edits",
	bot: "Discord does not take DISCORD_BOT_TOKEN",
};
