import { isJsonObject } from "../../../src/std/json.ts";
import type { Reply } from "../chat/loopback.ts";
import { componentProblems } from "./component-rules.ts";
import { badLength, discordError, formError, notOneOf, type DiscordCode } from "./discord-errors.ts";
import { discordLimits as limits, messageFlags } from "./discord-limits.ts";
import {
	keep,
	messageIn,
	removeFrom,
	told,
	type Channel,
	type DiscordState,
	type Interaction,
	type InteractionKind,
	type Route,
} from "./discord-state.ts";
import { messageFault } from "./message-rules.ts";
import { blank, writeNew, writeOver } from "./message-writing.ts";

export const followUp: Route = (request, state) => {
	const place = placeOf(request.params, state);
	if ("status" in place) return place;
	const { interaction, channel } = place;
	const original = messageIn(channel, interaction.original ?? "");
	// Deprecated: what follows a deferred answer at once becomes that answer.
	if (original?.isLoading === true) return writeOver(original, request, { channel, from: "interaction" }, state);
	if (interaction.isUserInstall && interaction.followUps >= limits.followUpsOfUserInstallMax)
		return discordError(40094);
	const message = writeNew(request, channel, "interaction", state);
	if ("status" in message) return message;
	interaction.followUps += 1;
	return { status: 200, body: told(message) };
};

export const readOwn: Route = (request, state) => {
	const place = placeOf(request.params, state);
	if ("status" in place) return place;
	const message = messageIn(place.channel, idOf(request.params, place.interaction));
	return message === undefined ? discordError(10008) : { status: 200, body: told(message) };
};

export const editOwn: Route = (request, state) => {
	const place = placeOf(request.params, state);
	if ("status" in place) return place;
	const { channel, interaction } = place;
	const message = messageIn(channel, idOf(request.params, interaction));
	if (message === undefined || message.author !== state.settings.botUser) return discordError(10008);
	return writeOver(message, request, { channel, from: "interaction" }, state);
};

export const deleteOwn: Route = (request, state) => {
	const place = placeOf(request.params, state);
	if ("status" in place) return place;
	const wasThere = removeFrom(place.channel, idOf(request.params, place.interaction));
	return wasThere ? { status: 204, body: null } : discordError(10008);
};

/** What the bot answers to an interaction in its own HTTP response; null: Discord takes it. */
export function answered(token: string, answer: unknown, state: DiscordState): Reply | null {
	const interaction = state.interactions.get(token);
	if (interaction === undefined) return discordError(10062);
	if (interaction.answeredAtMs !== null) return discordError(40060);
	const now = state.clock.now();
	if (now - interaction.createdAtMs > limits.answerWithinMs) {
		interaction.isRevoked = true;
		return discordError(10062);
	}
	const { type, data = {} } = answer as { type?: unknown; data?: unknown };
	if (!answersTo[interaction.kind].includes(Number(type))) return formError([notOneOf("type")]);
	const fault = answerFaults[Number(type)]?.(data, interaction, state) ?? null;
	if (fault === null) interaction.answeredAtMs = now;
	return fault;
}

/** https://discord.com/developers/docs/interactions/receiving-and-responding */
const answersTo: Record<InteractionKind, readonly number[]> = {
	ping: [1],
	command: [4, 5, 9],
	component: [4, 5, 6, 7, 9],
	autocomplete: [8],
	modal: [4, 5, 6, 7],
};

type Answering = (data: unknown, interaction: Interaction, state: DiscordState) => Reply | null;

const answerFaults: Readonly<Record<number, Answering>> = {
	1: () => null,
	4: (data, interaction, state) => {
		const channel = state.channels.get(interaction.channel)!;
		const message = writeNew({ body: objectOf(data), files: [] }, channel, "interaction", state);
		if ("status" in message) return message;
		interaction.original = message.id;
		return null;
	},
	5: (data, interaction, state) => {
		const flags = Number(objectOf(data)["flags"] ?? 0);
		const message = "Only the flag EPHEMERAL may be set on a deferred answer";
		if ((flags & ~messageFlags.ephemeral) !== 0)
			return formError([{ at: "data.flags", code: "BASE_TYPE_CHOICES", message }]);
		const loading = { ...blank(interaction.channel, state), flags, isLoading: true };
		keep(state.channels.get(interaction.channel)!, loading);
		interaction.original = loading.id;
		return null;
	},
	6: () => null,
	7: (data, interaction, state) => {
		const channel = state.channels.get(interaction.channel)!;
		const message = messageIn(channel, interaction.original ?? "");
		if (message !== undefined) {
			const reply = writeOver(
				message,
				{ body: objectOf(data), files: [] },
				{ channel, from: "interaction" },
				state,
			);
			return reply.status === 200 ? null : reply;
		}
		return messageFault({ body: objectOf(data), files: [], flags: 0, flagsAllowed: messageFlags.componentsV2 });
	},
	8: (data) => {
		const { choices } = objectOf(data);
		const isGood = Array.isArray(choices) && choices.length <= limits.choicesMax;
		return isGood ? null : formError([badLength("data.choices", 0, limits.choicesMax)]);
	},
	9: (data) => {
		const { title, components, custom_id: id } = objectOf(data);
		const problems = [
			...fits(title, limits.modalTitleCharsMax, "data.title"),
			...fits(id, limits.customIdCharsMax, "data.custom_id"),
			...componentProblems(components, "modal"),
		];
		return problems.length === 0 ? null : formError(problems);
	},
};

function objectOf(value: unknown) {
	const parsed = JSON.parse(JSON.stringify(value ?? {})) as unknown;
	return isJsonObject(parsed) ? parsed : {};
}

function fits(value: unknown, max: number, at: string) {
	return typeof value === "string" && value.length >= 1 && value.length <= max ? [] : [badLength(at, 1, max)];
}

type Place = { readonly interaction: Interaction; readonly channel: Channel };

function placeOf([application, token = ""]: readonly string[], state: DiscordState): Place | Reply {
	const interaction = state.interactions.get(token);
	const code = tokenCode(application, interaction, state);
	if (code !== null || interaction === undefined) return discordError(code ?? 10015);
	return { interaction, channel: state.channels.get(interaction.channel)! };
}

function tokenCode(
	application: string | undefined,
	interaction: Interaction | undefined,
	state: DiscordState,
): DiscordCode | null {
	if (application !== state.settings.application || interaction === undefined) return 10015;
	const now = state.clock.now();
	if (interaction.isRevoked || now - interaction.createdAtMs >= limits.tokenLifetimeMs) return 50027;
	// Discord itself needs a moment to know the answer that it was given.
	return interaction.answeredAtMs === null || now - interaction.answeredAtMs < state.settings.raceMs ? 10015 : null;
}

function idOf([, , id = ""]: readonly string[], { original }: Interaction): string {
	return id === "@original" ? (original ?? "") : id;
}
