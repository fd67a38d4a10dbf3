import { expect, test } from "vitest";
import { receiptLine } from "../../src/cli/receipt-line.ts";

const saved = (rounds: number) => ({
	caches_usd: 0,
	early_stop: { rounds, calls: 0 },
	pooling: { answers: 0, votes: 0 },
	copies: 0,
});
const none = { new_answer: 0, vote: 0, presentation: 0, ruling: 0, nothing: 0 };

test.each<[Parameters<typeof receiptLine>[0], string]>([
	[
		{ totals: { calls: 1, cost_usd: 0, changed: { ...none, new_answer: 1 } }, saved: saved(0) },
		"1 call for $0.0000: 1 answer",
	],
	[
		{
			totals: {
				calls: 8,
				cost_usd: 0.123_44,
				changed: { ...none, new_answer: 3, vote: 2, presentation: 1, nothing: 2 },
			},
			saved: saved(1),
		},
		"8 calls for $0.1234: 3 answers, 2 votes, 1 presentation, 2 for nothing; 1 round was not waited for",
	],
	[
		{ totals: { calls: 2, cost_usd: null, changed: { ...none, ruling: 2 } }, saved: saved(2) },
		"2 calls at a price that is not known: 2 rulings; 2 rounds were not waited for",
	],
	[{ totals: { calls: 0, cost_usd: 0, changed: none }, saved: saved(0) }, "no calls"],
])("%j", (receipt, line) => expect(receiptLine(receipt)).toBe(line));
