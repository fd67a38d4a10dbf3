import type { InstallationRpc } from "../../durable-objects/installation/rpc.ts";
import type { Delivery } from "../../durable-objects/outbox/outbox.ts";
import { payloadOf } from "../told.ts";

/** What could not be brought to a place since no token for it lived: a click there brings another one. */

const owedMs = 24 * 60 * 60 * 1000;

type Notes = Pick<InstallationRpc, "keep" | "kept" | "drop">;

/** Remembers it; of cards the last one. */
export async function owe(notes: Notes, delivery: Delivery): Promise<void> {
	const { what } = payloadOf(delivery.payload);
	const note = { kind: `owed-${what}`, key: delivery.address, value: JSON.stringify(delivery), forMs: owedMs };
	await notes.keep(note);
}

/** The card, then the final, as far as they are owed. */
export async function owed(notes: Notes, address: string): Promise<readonly Delivery[]> {
	const kept = await Promise.all(kinds.map((kind) => notes.kept(kind, address)));
	return kept.filter((value) => value !== null).map((value) => JSON.parse(value) as Delivery);
}

/** Nothing is owed there any more. */
export async function settled(notes: Notes, address: string): Promise<void> {
	for (const kind of kinds) await notes.drop(kind, address);
}

const kinds = ["owed-card", "owed-final"] as const;
