import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { cardOf, type Card } from "../../bots/card.ts";
import { makeTeller, type Told } from "../../bots/told.ts";
import type { LoggedEvent } from "../../src/consensus/events.ts";

/** A real session's log; these are kept for ever, so what a card says of them may be pinned. */
function logOf(name: string): readonly LoggedEvent[] {
	const lines = readFileSync(`test/logs/${name}.ndjson`, "utf8").trim().split("\n");
	return lines.map((line) => JSON.parse(line) as LoggedEvent);
}

/** A client that serves one log, and how often each event was read. */
function clientOf(log: readonly LoggedEvent[]) {
	const reads: number[] = [];
	async function* events(_: string, { from = 1 }: { readonly from?: number } = {}) {
		for (const event of log.filter(({ seq }) => seq >= from)) {
			reads.push(event.seq);
			yield event;
		}
	}
	return { events, reads };
}

async function toldUpTo(log: readonly LoggedEvent[], seq: number): Promise<Told> {
	const told = await makeTeller(clientOf(log))({ session: "s", seq }, AbortSignal.timeout(5000));
	if (told === null) throw new Error("the session is not there");
	return told;
}

const changes = (cards: readonly Card[], of: (card: Card) => string) =>
	cards.map(of).filter((line, i, all) => line !== all[i - 1]);

test("the title tells how a turn goes, from its start to its outcome", async () => {
	const log = logOf("0.3.0-crash-wait-and-attempts");
	const cards: Card[] = [];
	for (const { seq } of log.slice(1)) cards.push(cardOf(await toldUpTo(log, seq)));
	expect(changes(cards, ({ title }) => title)).toMatchInlineSnapshot(`
		[
		  "Round 1 · thinking",
		  "Round 1 · 1 of 3 have answered",
		  "Round 1 · 2 of 3 have answered",
		  "Round 1 · 3 of 3 have answered",
		  "Round 1 · comparing answers",
		  "Round 2 · comparing answers",
		  "Round 2 · voting",
		  "Round 2 · decided",
		  "Round 2 · b writes the answer",
		  "Attempt 2 · Round 1 · thinking",
		  "Attempt 2 · Round 3 · thinking",
		  "Attempt 2 · Round 3 · 1 of 3 have answered",
		  "Attempt 2 · Round 3 · 2 of 3 have answered",
		  "Attempt 2 · Round 3 · 3 of 3 have answered",
		  "Attempt 2 · Round 3 · comparing answers",
		  "Attempt 2 · Round 4 · comparing answers",
		  "Attempt 2 · Round 4 · voting",
		  "Attempt 2 · Round 4 · decided",
		  "Attempt 2 · Round 4 · a writes the answer",
		  "Consensus · 100 % of 3 agents agree",
		  "Round 1 · thinking",
		  "Waiting: the budget is used up",
		  "Round 1 · thinking",
		  "Round 1 · 1 of 3 have answered",
		  "Round 1 · 2 of 3 have answered",
		  "Waiting to be resumed",
		  "Round 1 · 2 of 3 have answered",
		  "Round 1 · comparing answers",
		  "Round 2 · comparing answers",
		  "Round 2 · voting",
		  "Round 2 · decided",
		  "Round 2 · b writes the answer",
		  "Attempt 2 · Round 1 · thinking",
		  "Attempt 2 · Round 3 · thinking",
		  "Attempt 2 · Round 3 · 1 of 3 have answered",
		  "Attempt 2 · Round 3 · 2 of 3 have answered",
		  "Attempt 2 · Round 3 · comparing answers",
		  "Attempt 2 · Round 4 · comparing answers",
		  "Attempt 2 · Round 4 · voting",
		  "Attempt 2 · Round 4 · decided",
		  "Attempt 2 · Round 4 · c writes the answer",
		  "Consensus · 67 % of 3 agents agree",
		]
	`);
	expect(changes(cards, ({ status }) => status)).toMatchInlineSnapshot(`
		[
		  "running",
		  "consensus",
		  "running",
		  "waiting",
		  "running",
		  "waiting",
		  "running",
		  "consensus",
		]
	`);
});

test("each agent's line tells what it does and what went wrong", async () => {
	const log = logOf("0.2.0-fallback-pause-and-files");
	const lines: string[] = [];
	for (const { seq } of log.slice(1)) {
		const { agents } = cardOf(await toldUpTo(log, seq));
		for (const { name, state, says, model } of agents) lines.push(`${name} ${model} ${state}: ${says}`);
	}
	expect([...new Set(lines)]).toMatchInlineSnapshot(`
		[
		  "a claude-opus-5 pending: waits",
		  "b gpt-5.5 pending: waits",
		  "c gemini-3.1-pro-preview pending: waits",
		  "a claude-opus-5 working: thinks",
		  "b gpt-5.5 working: thinks",
		  "c gemini-3.1-pro-preview working: thinks",
		  "b claude-sonnet-5 (for gpt-5.5) working: trying again: Incorrect API key provided.",
		  "c gemini-3.1-pro-preview done: answered",
		  "b claude-sonnet-5 (for gpt-5.5) done: answered",
		  "a claude-opus-5 done: answered",
		  "a claude-opus-5 working: weighs the others' answers",
		  "b claude-sonnet-5 (for gpt-5.5) working: weighs the others' answers",
		  "c gemini-3.1-pro-preview working: weighs the others' answers",
		  "c gemini-3.1-pro-preview done: votes for its own answer",
		  "a claude-opus-5 done: votes for its own answer",
		  "b claude-sonnet-5 (for gpt-5.5) done: votes for a",
		]
	`);
});

test("votes, their leader and the dissent are those that stand", async () => {
	const log = logOf("0.3.0-crash-wait-and-attempts");
	const ends = log.filter(({ type }) => type === "turn.finished").map(({ seq }) => seq);
	const { votes, leader, dissent, cost } = cardOf(await toldUpTo(log, ends[1] ?? 0));
	expect({ votes, leader, dissent, cost }).toMatchInlineSnapshot(`
		{
		  "cost": "free",
		  "dissent": null,
		  "leader": {
		    "of": "c",
		    "team": 3,
		    "votes": 2,
		  },
		  "votes": [
		    {
		      "agent": "b",
		      "before": null,
		      "for": "c",
		      "reason": "It names the minute and the level.",
		    },
		    {
		      "agent": "c",
		      "before": null,
		      "for": "c",
		      "reason": "It names the minute and the level.",
		    },
		  ],
		}
	`);
});

test("an edit reads only what is new, and one for less than was read begins anew", async () => {
	const log = logOf("0.1.0-two-turns");
	const client = clientOf(log);
	const tell = makeTeller(client);
	const signal = AbortSignal.timeout(5000);
	await tell({ session: "s", seq: 3 }, signal);
	const later = await tell({ session: "s", seq: 5 }, signal);
	expect(client.reads).toEqual([1, 2, 3, 4, 5]);
	expect(await tell({ session: "s", seq: 5 }, signal)).toBe(later);
	const earlier = await tell({ session: "s", seq: 2 }, signal);
	expect([client.reads.slice(5), earlier?.view.last_seq]).toEqual([[1, 2], 2]);
});
