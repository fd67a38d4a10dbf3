import type { Pressed } from "./custom-id.ts";
import type { Place, SentFile } from "./interaction.ts";

/** What is to be done about an interaction: the payload of an inbound row, emptied once it is done. */
export type Job = { readonly from: From } & (Asking | Pressing | Choosing | Looking);

/** The interaction that asks for it. */
export type From = {
	readonly interaction: string;
	readonly app: string;
	/** A credential for 15 minutes. */
	readonly token: string;
	readonly atMs: number;
	readonly place: Place;
};

/** A run, or the next turn of a session. */
export type Asking = {
	readonly do: "ask";
	readonly question: string;
	readonly team: string | null;
	readonly files: readonly SentFile[];
	readonly audience: Audience;
	readonly session: Which;
};
/** `here`: the thread's, or a new one. */
export type Which = { readonly is: "here" | "new" } | { readonly is: "known"; readonly id: string };
export type Audience = "channel" | "asker";

/** A button, a select or a modal of ours was used. */
export type Pressing = {
	readonly do: "press";
	readonly pressed: Pressed;
	/** The agent that was selected, or what was written; empty where nothing is. */
	readonly value: string;
};

export type Choosing = { readonly do: "team"; readonly use: string | null };
export type Looking = { readonly do: "status" };

/** Written by us, so that the parse is trusted. */
export function jobOf(payload: string): Job {
	const parsed: unknown = JSON.parse(payload);
	return parsed as Job;
}
