import type { InstallationRpc } from "../../durable-objects/installation/rpc.ts";
import { askOf as rememberedOf, keepAsk } from "../asks.ts";
import type { Asking, Audience, From } from "./job.ts";
import type { Place } from "./interaction.ts";

/** What is remembered of an interaction that asked: all that a delivery needs besides its address. */
export type Ask = {
	readonly app: string;
	readonly place: Place;
	readonly atMs: number;
	readonly audience: Audience;
	readonly question: string;
	readonly team: string | null;
};

type Notes = Pick<InstallationRpc, "keep" | "kept" | "drop">;

/** Where a turn is shown: owner, channel and interaction. No token: addresses are seen by whoever reads a session. */
export function addressOf({ owner, channel }: Place, interaction: string): string {
	return `${owner}/${channel}/${interaction}`;
}

/** The parts of an address that `addressOf` made. */
export function partsOf(address: string): { readonly owner: string; readonly interaction: string } {
	const [owner = "", , interaction = ""] = address.split("/");
	return { owner, interaction };
}

/** Everything that its deliveries need is there before the run is. */
export async function remember(notes: Notes, job: Asking & { readonly from: From }): Promise<void> {
	const { from, audience, question, team } = job;
	const { interaction, app, token, atMs, place } = from;
	const address = addressOf(place, interaction);
	await keepToken(notes, address, { token, atMs });
	await keepAsk(notes, address, { app, place, atMs, audience, question, team } satisfies Ask);
}

/** Null where nothing is known of it, or not any more. */
export async function askAt(notes: Notes, address: string): Promise<Ask | null> {
	// The shape is `remember`'s.
	return (await rememberedOf(notes, address)) as Ask | null;
}

/** An interaction's own credential, for as long as Discord takes it: https://docs.discord.com/developers/interactions/receiving-and-responding */
export const tokenMsMax = 15 * 60 * 1000;

export type Token = { readonly token: string; readonly atMs: number };

/** The newest one counts: each use of a button brings another 15 minutes. */
export async function keepToken(notes: Notes, address: string, token: Token): Promise<void> {
	await notes.keep({ kind: "token", key: address, value: JSON.stringify(token), forMs: tokenMsMax });
}

/** Null once it is over or was found dead. */
export async function tokenAt(notes: Notes, address: string): Promise<Token | null> {
	const kept = await notes.kept("token", address);
	const parsed: unknown = kept === null ? null : JSON.parse(kept);
	return parsed as Token | null;
}

/** Discord does not take it any more: nobody tries it again. */
export async function forgetToken(notes: Notes, address: string): Promise<void> {
	await notes.drop("token", address);
}
