import type { AllMiddlewareArgs, SlackCommandMiddlewareArgs } from "@slack/bolt";
import type { Delivered } from "../../durable-objects/outbox/outbox.ts";
import { unreachable } from "../../src/std/assert.ts";
import { limitsOf } from "../admission.ts";
import { ask, askedKind, shownQuestion, usualTeam, type Asked } from "./ask.ts";
import { typedIn, type Typed } from "./command.ts";
import { tell, type Desk } from "./desk.ts";
import { helpText } from "./help.ts";
import type { Where } from "./post.ts";
import { line, questionIn } from "./text.ts";

/** What `/massgen` does, whatever is typed after it. */
export async function commanded(
	desk: Desk,
	{ command }: AllMiddlewareArgs & SlackCommandMiddlewareArgs,
): Promise<Delivered> {
	const where = { channel: command.channel_id, thread: "" };
	const typed = typedIn(questionIn(command.text, desk.bot));
	switch (typed.verb) {
		// `receive` answers to it where it is typed; a call of the bot alone comes to the same.
		case "help":
			return tell(desk, where, helpText);
		case "status":
			return tell(desk, where, await statusOf(desk));
		case "teams":
			return tell(desk, where, await teamsOf(desk));
		case "ask":
			return asking(desk, where, typed);
		default:
			return unreachable(typed);
	}
}

async function asking(desk: Desk, where: Where, { team, question }: Typed & { verb: "ask" }): Promise<Delivered> {
	// Before the channel is shown a question that nobody can answer.
	if (team !== null && !(await teamNames(desk)).includes(team))
		return tell(desk, where, `There is no team ${line(team, 64)}.\n${await teamsOf(desk)}`);
	const shown = await shownQuestion(desk, where, question);
	if ("over" in shown) return shown.over;
	const place = { workspace: desk.inbox.workspace, channel: where.channel, thread: shown.ts, ts: shown.ts };
	return ask(desk, { place, text: question, ...(team !== null && { team }) });
}

const teamsShownMax = 40;

async function teamsOf(desk: Desk): Promise<string> {
	const names = await teamNames(desk);
	const more = names.length > teamsShownMax ? `, and ${names.length - teamsShownMax} more` : "";
	const shown = names.slice(0, teamsShownMax).map((name) => line(name, 64));
	return `*Teams*: ${shown.join(", ")}${more}. Ask one by \`/massgen team NAME QUESTION\`.`;
}

async function teamNames({ deps }: Desk): Promise<readonly string[]> {
	return (await deps.client.teams()).teams.map(({ name }) => name);
}

const statusLinesMax = 5;

async function statusOf(desk: Desk): Promise<string> {
	const { deps, inbox, workspace } = desk;
	const { atOnceMax, perUserDayMax, usdPerDayMax } = limitsOf(deps.settings);
	const asked = await workspace.installation.newest(askedKind(inbox.user), statusLinesMax);
	const lines = asked.map(({ value }) => {
		// Kept by us, so that the parse is trusted.
		const { question, channel } = JSON.parse(value) as Asked;
		return `• <#${channel}> ${line(question, 120)}`;
	});
	return [
		`*Limits*: ${atOnceMax} questions at once, ${perUserDayMax} a day for each person, $${usdPerDayMax} a day in all.`,
		`*Your team*: ${line((await usualTeam(desk)) ?? "the deployment's usual one", 80)}.`,
		lines.length === 0 ? "You have asked nothing yet." : "*Your last questions*:",
		...lines,
	].join("\n");
}
