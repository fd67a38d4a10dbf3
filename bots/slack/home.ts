import type { AllMiddlewareArgs, SlackEventMiddlewareArgs } from "@slack/bolt";
import type { KnownBlock, View } from "@slack/web-api";
import type { Delivered } from "../../durable-objects/outbox/outbox.ts";
import type { TeamList } from "../../src/api/contract.ts";
import { limitsOf } from "../admission.ts";
import { askedKind, usualTeam, type Asked } from "./ask.ts";
import { done, endedAfter, type Desk } from "./desk.ts";
import { helpText } from "./help.ts";
import { actions, context, section } from "./message.ts";
import { sessionOf } from "./steer.ts";
import { line, plain } from "./text.ts";
import { attempted } from "./workspace.ts";

/** The app's own page of one person: what they have asked, which team answers them, what may be spent. */
export async function homeOpened(
	desk: Desk,
	{ event }: AllMiddlewareArgs & SlackEventMiddlewareArgs<"app_home_opened">,
): Promise<Delivered> {
	return event.tab === "home" ? published(desk) : done;
}

const chosenMs = 365 * 24 * 60 * 60 * 1000;

/** From now on that team answers this person. */
export async function teamChosen(desk: Desk, value: string): Promise<Delivered> {
	const { installation } = desk.workspace;
	const { user } = desk.inbox;
	if (value === usual) await installation.drop("team", user);
	else if (value !== "") await installation.keep({ kind: "team", key: user, value, forMs: chosenMs });
	return published(desk);
}

async function published(desk: Desk): Promise<Delivered> {
	const { client } = desk.workspace;
	const view = await homeOf(desk);
	return endedAfter(desk, await attempted(() => client.views.publish({ user_id: desk.inbox.user, view })));
}

const askedMax = 10;
/** Slack takes no more options. */
const optionsMax = 99;
const usual = "*";

async function homeOf(desk: Desk): Promise<View> {
	const { deps, workspace, inbox } = desk;
	const { atOnceMax, perUserDayMax, usdPerDayMax } = limitsOf(deps.settings);
	const [teams, team, asked] = await Promise.all([
		deps.client.teams(),
		usualTeam(desk),
		workspace.installation.newest(askedKind(inbox.user), askedMax),
	]);
	// Kept by us, so that the parse is trusted.
	const lines = await Promise.all(asked.map(async ({ value }) => askedLine(desk, JSON.parse(value) as Asked)));
	const blocks: KnownBlock[] = [
		section(helpText),
		{ type: "divider" },
		choice(teams, team),
		context(
			`${atOnceMax} questions at once · ${perUserDayMax} a day for each person · $${usdPerDayMax} a day in all`,
		),
		{ type: "divider" },
		section(lines.length === 0 ? "You have asked nothing yet." : "*Your last questions*"),
		...lines.map(section),
	];
	return { type: "home", blocks };
}

function choice({ teams }: TeamList, team: string | undefined): KnownBlock {
	const option = (text: string, value: string) => ({ text: { type: "plain_text" as const, text }, value });
	const first = option("The deployment's usual team", usual);
	const options = [first, ...teams.slice(0, optionsMax).map(({ name }) => option(plain(name, 70), name))];
	const chosen = options.find(({ value }) => value === team) ?? first;
	return {
		type: "section",
		text: { type: "mrkdwn", text: "*Your team*", verbatim: true },
		accessory: { type: "static_select", action_id: actions.team, options, initial_option: chosen },
	};
}

async function askedLine(desk: Desk, { session, channel, question }: Asked): Promise<string> {
	const found = await sessionOf(desk, session);
	return `<#${channel}> ${line(question, 150)} · _${found?.status ?? "deleted"}_`;
}
