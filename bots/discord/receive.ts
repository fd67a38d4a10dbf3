import { InteractionType } from "discord-interactions";
import { admitted, isAllowed, refusalWords } from "../admission.ts";
import { boundedBody } from "../body.ts";
import type { BotDeps, Platform } from "../chat.ts";
import { noted } from "./seen.ts";
import { eventOf, happened } from "./webhook-event.ts";
import { jsonIn, textIn } from "./json-body.ts";
import { Interaction, Ping, optionIn, placeOf, threadParent, type Place } from "./interaction.ts";
import { jobFor, type Wanted } from "./intent.ts";
import type { From } from "./job.ts";
import { awaited, choices, pong, seen, toldAlone } from "./reply.ts";
import { isFromDiscord, isPublicKey } from "./signature.ts";
import { timestamp } from "./timestamp.ts";

/** A longer body is not read: Discord's own are small. */
export const bodyBytesMax = 1_048_576;

/** `POST /webhooks/discord`: interactions, and the events of the app itself. */
export const receive: Platform["receive"] = (deps) => async (request) => {
	if (new URL(request.url).pathname !== "/webhooks/discord") return new Response(null, { status: 404 });
	if (request.method !== "POST") return new Response(null, { status: 405, headers: { allow: "POST" } });
	const publicKey = deps.settings["DISCORD_PUBLIC_KEY"] ?? "";
	if (!isPublicKey(publicKey)) return new Response(noKey, { status: 503 });
	const bytes = await boundedBody(request, bodyBytesMax);
	if (bytes === null) return new Response(`The body is larger than ${bodyBytesMax} bytes.`, { status: 413 });
	// Discord sends nothing but UTF-8, and an empty text is never signed well.
	const body = textIn(bytes);
	const signed = { headers: request.headers, body, publicKey };
	if (!(await isFromDiscord(signed, deps.runtime.now()))) return refused(deps);
	return answer(deps, jsonIn(body));
};

const noKey = "Set DISCORD_PUBLIC_KEY to the application's public key (64 hexadecimal digits) to receive from Discord.";

async function refused(deps: BotDeps): Promise<Response> {
	await noted(deps, "signature_refused");
	return new Response("The signature does not fit.", { status: 401 });
}

async function answer(deps: BotDeps, body: unknown): Promise<Response> {
	const ours = deps.settings["DISCORD_APPLICATION_ID"];
	const event = eventOf(body);
	if (event !== null) return isOurs(ours, event.application_id) ? happened(deps, event) : refused(deps);
	const ping = Ping.safeParse(body);
	if (ping.success) {
		if (!isOurs(ours, ping.data.application_id)) return refused(deps);
		await noted(deps, "ping");
		return pong();
	}
	const parsed = Interaction.safeParse(body);
	if (!parsed.success) return new Response("This is no interaction that is known here.", { status: 400 });
	return isOurs(ours, parsed.data.application_id) ? reply(deps, parsed.data) : refused(deps);
}

function isOurs(ours: string | undefined, theirs: string | null | undefined): boolean {
	return ours === undefined || theirs === undefined || theirs === null || ours === theirs;
}

async function reply(deps: BotDeps, interaction: Interaction): Promise<Response> {
	const place = placeOf(interaction);
	if (place === null) return toldAlone("I cannot see who asks here, and where.");
	const isCompleting = interaction.type === InteractionType.APPLICATION_COMMAND_AUTOCOMPLETE;
	if (!mayAsk(deps, place, threadParent(interaction)))
		return isCompleting ? choices([]) : toldAlone("I am not allowed to answer here.");
	if (isCompleting) return choices(await teamsLike(deps, interaction));
	const { id, token } = interaction;
	const app = interaction.application_id ?? deps.settings["DISCORD_APPLICATION_ID"] ?? "";
	const from: From = { interaction: id, app, token, atMs: deps.runtime.now(), place };
	try {
		const wanted = await jobFor(deps, interaction, from);
		return wanted instanceof Response ? wanted : await committed(deps, wanted);
	} catch (error) {
		// Discord does not send it again: whoever asked has to know.
		deps.crashed(error);
		return toldAlone("Something went wrong on our side, and nothing was started. Please try again.");
	}
}

function mayAsk({ settings }: BotDeps, { guild, owner, user, channel }: Place, parent: string | null): boolean {
	const who = owner === guild ? guild : user;
	const isAllowedThere = (name: string) => isAllowed(settings["DISCORD_ALLOWED_CHANNELS"], name);
	const where = parent === null ? [channel] : [channel, parent];
	return isAllowed(settings["DISCORD_ALLOWED_GUILDS"], who) && where.some(isAllowedThere);
}

async function teamsLike({ client, crashed }: BotDeps, interaction: Interaction): Promise<readonly string[]> {
	const written =
		interaction.data?.options?.find(({ focused }) => focused === true)?.value ?? optionIn(interaction, "team");
	const like = String(written ?? "").toLowerCase();
	try {
		const { teams } = await client.teams();
		return teams.map(({ name }) => name).filter((name) => name.toLowerCase().includes(like));
	} catch (error) {
		crashed(error);
		return [];
	}
}

/** Acknowledged once it is in the installation's inbox, and not before. What begins a run has to be admitted first. */
async function committed(deps: BotDeps, { job, ack }: Wanted): Promise<Response> {
	const { interaction, place } = job.from;
	const installation = deps.installation(`discord:${place.owner}`);
	if (job.do === "ask") {
		const admission = await admitted(deps, installation, { run: interaction, user: place.user });
		if (!admission.ok) return toldAlone(refusalWords(admission, timestamp));
	}
	// Only questions have an order: an answer that Discord does not take must not keep them waiting.
	const order = job.do === "ask" ? place.channel : interaction;
	const inbound = { kind: "discord", key: interaction, place: order, payload: JSON.stringify(job) } as const;
	if ((await installation.accept(inbound)) !== "full") return ack === "seen" ? seen() : awaited(ack);
	if (job.do === "ask") await installation.ended(interaction, 0);
	return toldAlone("So much waits here already that I cannot take more. Please ask again in a minute.");
}
