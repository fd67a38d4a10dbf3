import type { InstallationRpc } from "../../durable-objects/installation/rpc.ts";
import type { Delivered } from "../../durable-objects/outbox/outbox.ts";
import type { BotDeps } from "../chat.ts";
import { livePage } from "../page.ts";
import { isGone } from "./gone.ts";
import type { Audience, Choosing, From, Looking } from "./job.ts";
import { keepTeam, recentOf, teamOf, type RecentSession } from "./memory.ts";
import { escaped } from "./plain.ts";
import { answered } from "./said.ts";
import { fitting } from "./report.ts";

/** `/team`: which there are, or which one is asked here from now on. */
export async function chosen(
	deps: BotDeps,
	{ from, use }: Choosing & { readonly from: From },
	signal: AbortSignal,
): Promise<Delivered> {
	const installation = deps.installation(`discord:${from.place.owner}`);
	const names = (await deps.client.teams()).teams.map(({ name }) => name);
	if (use === null) {
		const now = (await teamOf(deps, installation)) ?? "chosen by the service";
		const lines = names.map((name) => `- ${escaped(name)}`);
		const head = [`The team here: **${escaped(now)}**`, "Teams there are:"];
		return answered(
			deps,
			from,
			{ content: fitting([...head, ...(lines.length === 0 ? ["none"] : lines)]) },
			signal,
		);
	}
	if (!names.includes(use)) return answered(deps, from, { content: "There is no such team." }, signal);
	await keepTeam(installation, use);
	return answered(deps, from, { content: `From now on **${escaped(use)}** is asked here.` }, signal);
}

const recentMax = 5;

/** `/status`: what was asked here lately. */
export async function looked(
	deps: BotDeps,
	{ from }: Looking & { readonly from: From },
	signal: AbortSignal,
): Promise<Delivered> {
	const installation = deps.installation(`discord:${from.place.owner}`);
	const ofAudience = (audience: Audience) => recentOf(installation, { ...from.place, audience }, recentMax);
	const recent = [...(await ofAudience("channel")), ...(await ofAudience("asker"))];
	const lines = await Promise.all(recent.map((session) => lineOf(deps, installation, session)));
	return answered(deps, from, { content: fitting(lines) || "Nothing was asked here lately." }, signal);
}

async function lineOf(
	deps: BotDeps,
	installation: InstallationRpc,
	{ session, title }: RecentSession,
): Promise<string> {
	const page = await livePage(deps, installation, session);
	const name = page === null ? escaped(title) : `[${escaped(title)}](<${page}>)`;
	try {
		const { status, turns } = await deps.client.session(session);
		return `- ${name}: ${status}, ${turns.length === 1 ? "1 turn" : `${turns.length} turns`}`;
	} catch (error) {
		if (isGone(error)) return `- ${name}: deleted`;
		throw error;
	}
}
