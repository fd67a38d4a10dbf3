import type { z } from "zod";
import type { TeamInput } from "../../../src/api/team-schema.ts";
import type { Model } from "./provider.ts";

/** Where the three agents of a team are: in the background a call outlives its connection, on the chat wire it does not. */
const seats = {
	chat: ["groq", "groq", "groq"],
	mixed: ["groq", "openai", "gemini"],
	background: ["openai", "gemini", "openai"],
} as const satisfies Record<string, readonly [string, string, string]>;

export type TeamKind = keyof typeof seats;
export const teamKinds: readonly TeamKind[] = ["chat", "mixed", "background"];

const models: readonly Model[] = ["stone", "brick", "straw"];

/** Patient, so that nothing but a kill ends a call. */
export function crashTeam(kind: TeamKind): z.input<typeof TeamInput> {
	const limits = { seal_seconds: 1800, round_seconds: 1800, turn_seconds: 7200, stall_seconds: 600 };
	const agents = models.map((model, seat) => ({ id: model, model, backend: seats[kind][seat] ?? "groq" }));
	return { name: kind, agents, limits };
}
