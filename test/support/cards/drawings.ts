import { cardOf } from "../../../bots/card.ts";
import { finalOf } from "../../../bots/discord/final.ts";
import { cardMessage as discordCard } from "../../../bots/discord/render.ts";
import { cardMessage as slackCard, finalMessage } from "../../../bots/slack/render.ts";
import { makeTeller, type Told } from "../../../bots/told.ts";
import type { LoggedEvent } from "../../../src/consensus/events.ts";
import { discordPage } from "./discord-look.ts";
import { slackPage } from "./slack-look.ts";
import { scenes } from "./stories.ts";

const session = "3f0c1f0a-6c4e-4b5e-9d53-0a8f6a4c2b11";
const page = `https://massgen.example/s/${session}`;
const ask = "1457536583141163186";
const asker = { slack: "U0ADA", discord: "80351110224678912" };

/** A session as a bot knows it once it has read this log. */
export async function toldOf(log: readonly LoggedEvent[], upTo = log.length): Promise<Told> {
	async function* events() {
		yield* log;
	}
	const told = await makeTeller({ events })({ session, seq: upTo }, AbortSignal.timeout(5000));
	if (told === null) throw new Error("there is no such session");
	return told;
}

/** What the Slack bot posts of it: the card and, after the end, the answer. */
export function onSlack(told: Told) {
	const shown = { run: { session, turn: told.view.turn, asker: asker.slack }, page };
	return isOver(told) ? [slackCard(told, shown), finalMessage(told, shown).message] : [slackCard(told, shown)];
}

/** The same on Discord. */
export function onDiscord(told: Told): readonly object[] {
	const card = cardOf(told);
	const shown = discordCard({ card, question: told.view.question, session, ask, page, mortal: "lasting" });
	return isOver(told)
		? [shown, finalOf({ card, view: told.view, asker: asker.discord, session, ask, page }).body]
		: [shown];
}

function isOver({ view: { phase } }: Told): boolean {
	return phase === "done" || phase === "failed";
}

/** A page for each scene and platform. */
export async function drawings(): Promise<readonly { readonly name: string; readonly page: string }[]> {
	const drawn = await Promise.all(
		Object.entries(scenes).map(async ([scene, log]) => {
			const told = await toldOf(log);
			return [
				{ name: `slack-${scene}`, page: slackPage(told.view.question, onSlack(told)) },
				{ name: `discord-${scene}`, page: discordPage(onDiscord(told)) },
			];
		}),
	);
	return drawn.flat();
}
