import type { Delivered } from "../../durable-objects/outbox/outbox.ts";
import type { Platform } from "../chat.ts";
import { livePage } from "../page.ts";
import { makeTeller, payloadOf, type Told } from "../told.ts";
import { askAt, partsOf } from "./ask.ts";
import { deliverCard } from "./deliver-card.ts";
import { deliverFinal } from "./deliver-final.ts";
import { tooEarly } from "./said.ts";
import { dead } from "./target.ts";

/** Brings a turn's card or final to where it was asked. A run never fails because that fails. */
export const deliver: Platform["deliver"] = (deps) => {
	const tell = makeTeller(deps.client);
	return async (delivery, signal) => {
		const payload = payloadOf(delivery.payload);
		const { owner, interaction } = partsOf(delivery.address);
		const installation = deps.installation(`discord:${owner}`);
		const ask = await askAt(installation, delivery.address);
		if (ask === null) return dead("it is not known any more who asked, and where");
		const early = tooEarly(deps, ask);
		if (early !== null) return early;
		const told = await tell(payload, signal);
		if (told === null) return dead("the session was deleted");
		const page = await livePage(deps, installation, payload.session);
		const target = { deps, installation, delivery, payload, ask, interaction, told, page, signal };
		const delivered = await (payload.what === "card" ? deliverCard : deliverFinal)(target);
		if (isSettled(delivered) && isOver(told)) await installation.ended(interaction, told.turnUsd);
		return delivered;
	};
};

function isSettled({ outcome }: Delivered): boolean {
	return outcome === "sent" || outcome === "dead";
}

function isOver({ view: { phase } }: Told): boolean {
	return phase === "done" || phase === "failed" || phase === "cancelled";
}
