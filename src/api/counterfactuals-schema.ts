import { z } from "zod";
import type { TurnWhatIfs } from "../consensus/counterfactuals.ts";
import { answerId } from "./contract.ts";
import { agentId } from "./team-schema.ts";

const reading = { winner: answerId.nullable(), same: z.boolean() };
const whatIf = z.discriminatedUnion("what", [
	z.object({ what: z.literal("without_agent"), agent: agentId, agreement: z.number(), ...reading }),
	z.object({ what: z.literal("latest_of_equals"), ...reading }),
	z.object({ what: z.literal("self_votes_count"), ...reading }),
	z.object({
		what: z.literal("stop"),
		rule: z.enum(["all", "settled", "agreed"]),
		at_seq: z.int().nullable(),
		spared: z.int(),
		...reading,
	}),
]);

/**
 * `GET /v1/sessions/{id}/counterfactuals`: what the answers and votes in the log would have come to under other rules. No
 * model is asked, so these are readings, not predictions.
 */
export const Counterfactuals = z.object({
	id: z.string(),
	turns: z
		.array(
			z.object({
				turn: z.int(),
				winner: answerId,
				consensus: z.boolean(),
				agreement: z.number(),
				what_if: z.array(whatIf).readonly(),
			}),
		)
		.readonly() satisfies z.ZodType<readonly TurnWhatIfs[]>,
});
export type Counterfactuals = z.output<typeof Counterfactuals>;
