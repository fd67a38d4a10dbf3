import type { AllMiddlewareArgs, SlackCommandMiddlewareArgs } from "@slack/bolt";
import type { Delivered } from "../../durable-objects/outbox/outbox.ts";
import { limitsOf } from "../admission.ts";
import { ask, askedKind, shownQuestion, usualTeam, type Asked } from "./ask.ts";
import { tell, type Desk } from "./desk.ts";
import { line, questionIn } from "./text.ts";

/** `/massgen QUESTION`, `/massgen team NAME QUESTION`, `/massgen status`. `receive` answers to `help` by itself. */
export async function commanded(
	desk: Desk,
	{ command }: AllMiddlewareArgs & SlackCommandMiddlewareArgs,
): Promise<Delivered> {
	const { channel_id: channel, text: typed } = command;
	const where = { channel, thread: "" };
	const text = questionIn(typed, desk.bot);
	if (text === "status") return tell(desk, where, await statusOf(desk));
	const chosen = /^team\s+(\S+)\s+(\S[\s\S]*)$/.exec(text);
	const question = chosen?.[2] ?? text;
	const shown = await shownQuestion(desk, where, question);
	if ("over" in shown) return shown.over;
	const place = { workspace: desk.inbox.workspace, channel, thread: shown.ts, ts: shown.ts };
	return ask(desk, { place, text: question, ...(chosen?.[1] !== undefined && { team: chosen[1] }) });
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
