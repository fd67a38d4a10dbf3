import { InteractionType } from "discord-interactions";
import { namesIn } from "../admission.ts";
import type { BotDeps } from "../chat.ts";
import { addressOf, askAt, type Ask } from "./ask.ts";
import { faultIn } from "./attachments.ts";
import { menuCommandName, questionCharsMax } from "./commands.ts";
import { pressedOf, type Pressed, type Verb } from "./custom-id.ts";
import { fieldIn, optionIn, ownerFor, type Interaction, type SentFile } from "./interaction.ts";
import type { Asking, Audience, From, Job, Which } from "./job.ts";
import { askedFor, modalField, toldAlone } from "./reply.ts";

/** What has to be done, and how to say that it was understood. */
export type Wanted = { readonly job: Job; readonly ack: "seen" | Audience };

/** What an interaction wants of us; a response where the answer to it is all there is. */
export async function jobFor(deps: BotDeps, interaction: Interaction, from: From): Promise<Wanted | Response> {
	switch (interaction.type) {
		case InteractionType.APPLICATION_COMMAND:
			return commanded(deps, interaction, from);
		case InteractionType.MESSAGE_COMPONENT:
		case InteractionType.MODAL_SUBMIT:
			return used(deps, interaction, from);
		default:
			return toldAlone("I do not know what to make of this.");
	}
}

function commanded(deps: BotDeps, interaction: Interaction, from: From): Wanted | Response {
	switch (interaction.data?.name) {
		case "ask":
			return asking(deps, from, { ...questionIn(interaction), session: here });
		case menuCommandName:
			return asking(deps, from, { ...messageIn(interaction), team: null, audience: "channel", session: here });
		case "team":
			return chosen(deps, interaction, from);
		case "status":
			return { job: { from, do: "status" }, ack: "asker" };
		default:
			return toldAlone(
				"I do not know this command any more. Whoever set me up should register my commands again.",
			);
	}
}

function questionIn(interaction: Interaction): Omit<Question, "session"> {
	const team = String(optionIn(interaction, "team") ?? "").trim();
	return {
		question: String(optionIn(interaction, "question") ?? ""),
		team: team === "" ? null : team,
		files: attachedTo(interaction),
		audience: optionIn(interaction, "private") === true ? "asker" : "channel",
	};
}

/** What somebody has written, and pinned to it. */
function messageIn({ data }: Interaction): Pick<Question, "question" | "files"> {
	const message = data?.resolved?.messages?.[data.target_id ?? ""];
	const files = message?.attachments ?? [];
	const written = message?.content?.trim() ?? "";
	return { question: written === "" && files.length > 0 ? "What is this?" : written, files };
}

const here = { is: "here" } as const;

type Question = Omit<Asking, "do">;

function asking(deps: BotDeps, from: From, asked: Question): Wanted | Response {
	const question = asked.question.trim();
	if (question === "") return toldAlone("There is no text in it that I could ask the team about.");
	if (question.length > questionCharsMax)
		return toldAlone(`A question may have at most ${questionCharsMax} characters.`);
	const fault = faultIn(deps, asked.files);
	if (fault !== null) return toldAlone(fault);
	return { job: { from, do: "ask", ...asked, question }, ack: asked.audience };
}

/** What the command's own option names; nothing else that was resolved. */
function attachedTo(interaction: Interaction): readonly SentFile[] {
	const resolved = new Map(Object.entries(interaction.data?.resolved?.attachments ?? {}));
	const file = resolved.get(String(optionIn(interaction, "attachment")));
	return file === undefined ? [] : [file];
}

function chosen(deps: BotDeps, interaction: Interaction, from: From): Wanted | Response {
	const use = optionIn(interaction, "use");
	if (use === null) return { job: { from, do: "team", use: null }, ack: "asker" };
	if (!mayChoose(deps, from)) return toldAlone("Only who manages this server chooses its team.");
	return { job: { from, do: "team", use: String(use) }, ack: "asker" };
}

/** A button, a select or a modal. Only whom the run belongs to may use it. */
async function used(deps: BotDeps, interaction: Interaction, from: From): Promise<Wanted | Response> {
	const pressed = pressedOf(interaction.data?.custom_id ?? "");
	if (pressed === null) return toldAlone("I do not know this button any more.");
	const address = addressOf(from.place, pressed.ask);
	const ask = await askAt(deps.installation(`discord:${from.place.owner}`), address);
	if (ask === null) return toldAlone("This run is not known any more.");
	if (!mayUse(deps, from, ask)) return toldAlone("Only who asked this, or who manages this server, can do that.");
	const form = forms[pressed.verb];
	if (form === undefined) return doing(deps, { pressed, from, ask, value: interaction.data?.values?.[0] ?? "" });
	if (interaction.type !== InteractionType.MODAL_SUBMIT) return askedFor(pressed, form);
	const value = fieldIn(interaction, modalField).trim();
	return value === "" ? toldAlone("There was no text in it.") : doing(deps, { pressed, from, ask, value });
}

type Doing = { readonly pressed: Pressed; readonly from: From; readonly ask: Ask; readonly value: string };

function doing(deps: BotDeps, { pressed, from, ask, value }: Doing): Wanted | Response {
	if (pressed.verb === "more") return asking(deps, from, next(ask, value, { is: "known", id: pressed.session }));
	if (pressed.verb === "again") return asking(deps, from, next(ask, ask.question, { is: "new" }));
	return { job: { from, do: "press", pressed, value }, ack: acks[pressed.verb] ?? ask.audience };
}

function mayUse(deps: BotDeps, from: From, { place }: Ask): boolean {
	return from.place.user === place.user || from.place.manages || isAdmin(deps, from);
}

/** Where the app is a person's own, the team is hers to choose. */
function mayChoose(deps: BotDeps, from: From): boolean {
	const { owner, user, manages } = from.place;
	return owner === ownerFor(user) || manages || isAdmin(deps, from);
}

function isAdmin({ settings }: BotDeps, { place }: From): boolean {
	return namesIn(settings["DISCORD_ADMINS"]).includes(place.user);
}

/** What asks for a text first. */
const forms: Partial<Record<Verb, { readonly title: string; readonly label: string }>> = {
	note: { title: "A note to the team", label: "What the agents should know" },
	more: { title: "Ask on", label: "What you want to know next" },
};

/** Where nothing is said, the message comes to those who saw the run. */
const acks: Partial<Record<Verb, "seen" | "asker">> = {
	stop: "seen",
	answer_now: "seen",
	note: "seen",
	drop: "seen",
	refresh: "seen",
	resume: "seen",
	reasons: "asker",
	export: "asker",
};

/** Files are not asked about a second time: Discord's links to them end. */
function next({ audience, team }: Ask, question: string, session: Which): Question {
	return { question, team, files: [], audience, session };
}
