import { z } from "zod";
import type { ReceiptPage } from "../../durable-objects/rpc.ts";
import { callId, usage } from "./contract.ts";
import { agentId } from "./team-schema.ts";

/** A page holds at most so many calls, some 400 bytes each. */
const receiptPageSizeMax = 500;

export const ReceiptQuery = z.strictObject({
	limit: z
		.string()
		.regex(/^([1-9]\d?|[1-4]\d\d|500)$/, `must be an integer from 1 to ${receiptPageSizeMax}`)
		.transform(Number)
		.default(100),
	cursor: z
		.string()
		.regex(/^[1-9]\d{0,14}$/, "must be the cursor of the page before")
		.transform(Number)
		.exactOptional(),
});

const count = z.int();
const dollars = z.number().nullable();
const line = z.object({
	call: callId,
	turn: z.int(),
	agent: agentId.nullable(),
	purpose: z.enum(["round", "presentation", "judge"]),
	provider: z.string(),
	model: z.string(),
	outcome: z.enum(["ok", "failed", "aborted", "lost"]).nullable(),
	usage: usage.nullable(),
	cost_usd: dollars,
	saved_usd: dollars,
	changed: z.enum(["new_answer", "vote", "presentation", "ruling", "nothing"]),
});

/** `GET /v1/sessions/{id}/receipt`: a page of the calls, oldest first; totals and savings are those of the session. */
export const Receipt = z.object({
	id: z.string(),
	calls: z.array(line).readonly(),
	totals: z.object({
		calls: count,
		cost_usd: dollars,
		changed: z.object({ new_answer: count, vote: count, presentation: count, ruling: count, nothing: count }),
	}),
	saved: z.object({
		caches_usd: dollars,
		early_stop: z.object({ rounds: count, calls: count }),
		pooling: z.object({ answers: count, votes: count }),
		copies: count,
	}),
	cursor: z.string().nullable(),
}) satisfies z.ZodType<ReceiptPage>;
export type Receipt = z.output<typeof Receipt>;
