import type { z } from "zod";
import { unreachable } from "../../src/std/assert.ts";
import type { Delivered } from "../../durable-objects/outbox/outbox.ts";
import type { Steer } from "../../src/api/contract.ts";
import type { BotDeps } from "../chat.ts";
import { transcriptOf } from "../transcript.ts";
import { addressOf, askAt, keepToken } from "./ask.ts";
import type { Verb } from "./custom-id.ts";
import { isGone } from "./gone.ts";
import { reasonsOf, turnOf } from "./report.ts";
import type { From, Pressing } from "./job.ts";
import { owed, settled } from "./owed.ts";
import { alone, answered, refusalOf } from "./said.ts";

type Press = Pressing & { readonly from: From };

/** What a button, a select or a modal asks for. Who may use it was looked at before it was acknowledged. */
export async function pressed(deps: BotDeps, press: Press, signal: AbortSignal): Promise<Delivered> {
	const { from, pressed: used } = press;
	try {
		return await done(deps, press, signal);
	} catch (error) {
		const words = isGone(error) ? "This run is not there any more." : refusalOf(error);
		if (words === null) throw error;
		return isShown(used.verb) ? answered(deps, from, { content: words }, signal) : alone(deps, from, words, signal);
	}
}

/** What is said in the place of "is thinking": nothing else would end that. */
function isShown(verb: Verb): boolean {
	return verb === "reasons" || verb === "export";
}

async function done(deps: BotDeps, press: Press, signal: AbortSignal): Promise<Delivered> {
	const { verb, session } = press.pressed;
	switch (verb) {
		case "reasons":
		case "export":
			return shown(deps, press, signal);
		case "stop":
		case "answer_now":
		case "note":
		case "drop":
		case "resume":
			await renewed(deps, press);
			await deps.client.steer(session, steering(verb, press.value));
			return { outcome: "sent" };
		case "refresh":
			await renewed(deps, press);
			return refreshed(deps, press, signal);
		case "again":
		case "more":
			return { outcome: "dead", reason: `\`${verb}\` is a question of its own` };
		default:
			return unreachable(verb);
	}
}

/** The token of a click edits the message that was clicked, for another quarter of an hour. */
async function renewed(deps: BotDeps, { from, pressed: { ask } }: Press): Promise<void> {
	const { place, token, atMs } = from;
	await keepToken(deps.installation(`discord:${place.owner}`), addressOf(place, ask), { token, atMs });
}

function steering(verb: "stop" | "answer_now" | "note" | "drop" | "resume", value: string): z.input<typeof Steer> {
	switch (verb) {
		case "stop":
			return { action: "cancel" };
		case "answer_now":
			return { action: "answer_now" };
		case "note":
			return { action: "note", text: value };
		case "drop":
			return { action: "drop_agent", agent: value };
		case "resume":
			return { action: "resume" };
		default:
			return unreachable(verb);
	}
}

/** Votes and their reasons, or the whole as a file: for this person alone. */
async function shown(deps: BotDeps, { from, pressed: { verb, session: id, ask } }: Press, signal: AbortSignal) {
	const installation = deps.installation(`discord:${from.place.owner}`);
	const asked = await askAt(installation, addressOf(from.place, ask));
	const session = await deps.client.session(id);
	const turn = turnOf(session, asked?.question ?? "");
	if (turn === null) return answered(deps, from, { content: "Nothing has been said yet." }, signal);
	if (verb === "reasons") return answered(deps, from, { content: reasonsOf(session, turn) }, signal);
	const file = { name: `massgen-${id.slice(0, 8)}.md`, text: await transcriptOf(deps.client, id) };
	return answered(deps, from, { content: "The whole answer, with votes and dissent:", file }, signal);
}

/** What could not be shown while there was no token. */
async function refreshed(deps: BotDeps, { from, pressed: { ask } }: Press, signal: AbortSignal): Promise<Delivered> {
	const installation = deps.installation(`discord:${from.place.owner}`);
	const address = addressOf(from.place, ask);
	const waiting = await owed(installation, address);
	for (const delivery of waiting) {
		const { deliver } = await import("./deliver.ts");
		const outcome = await deliver(deps)(delivery, signal);
		if (outcome.outcome !== "sent") return outcome;
	}
	await settled(installation, address);
	return { outcome: "sent" };
}
