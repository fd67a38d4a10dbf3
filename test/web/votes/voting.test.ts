import { expect, test } from "vitest";
import { entriesAfter } from "../../../src/web/state/entry.ts";
import { columnsMax, matrixOf } from "../../../src/web/votes/matrix.ts";
import { ballotsMax, votingOf, type Ballot } from "../../../src/web/votes/voting.ts";
import type { AgentId } from "../../../src/consensus/team.ts";
import { at, logged, opened, round, type Bare } from "../state/logged.ts";

const voting = (events: readonly Bare[], turn = 1) => votingOf(entriesAfter([], logged([...opened, ...events])), turn);
const answers = (agent: string, answer: string): Bare => ({ type: "answer.accepted", agent, answer, text: answer });
const votes = (agent: string, answer: string): Bare => ({ type: "vote.cast", agent, answer, reason: "so" });
const falls = (type: "votes.voided" | "votes.suspended", by: string, agent: string): Bare => ({
	type,
	votes: [{ agent, answer: "a1.1" }],
	by,
});
const ballot = (seq: number, voter: string, answer: string, changes: Partial<Record<keyof Ballot, unknown>> = {}) => ({
	seq,
	at: at(seq),
	voter,
	attempt: 1,
	round: 1,
	answer,
	reason: "so",
	fate: { how: "counts" },
	...changes,
});

test.each<[string, readonly Bare[], readonly unknown[]]>([
	[
		"a vote stands in the round of its voter",
		[round("a", 2), votes("a", "a2.1")],
		[ballot(4, "a", "a2.1", { round: 2 })],
	],
	[
		"a vote that a new answer voids names it",
		[round("b"), votes("b", "a1.1"), falls("votes.voided", "a1.2", "b")],
		[ballot(4, "b", "a1.1", { fate: { how: "voided", by: "a1.2" } })],
	],
	[
		"a suspended vote stays so when it is cast again, and the new one counts",
		[round("b"), votes("b", "a1.1"), falls("votes.suspended", "a1.2", "b"), round("b", 2), votes("b", "a1.2")],
		[ballot(4, "b", "a1.1", { fate: { how: "suspended", by: "a1.2" } }), ballot(7, "b", "a1.2", { round: 2 })],
	],
	[
		"a second vote of the same agent replaces the first",
		[round("b"), votes("b", "a1.1"), round("b", 2), votes("b", "a1.2")],
		[ballot(4, "b", "a1.1", { fate: { how: "replaced" } }), ballot(6, "b", "a1.2", { round: 2 })],
	],
	[
		"votes of an attempt before stay as they were",
		[round("b"), votes("b", "a1.1"), { type: "attempt.started", attempt: 2 }, round("b"), votes("b", "a1.2")],
		[ballot(4, "b", "a1.1"), ballot(7, "b", "a1.2", { attempt: 2 })],
	],
	[
		"other turns are left out",
		[votes("a", "a2.1"), { type: "turn.started", turn: 2, question: "" }, votes("a", "a1.1")],
		[ballot(3, "a", "a2.1", { round: 0 })],
	],
])("%s", (_, events, ballots) => expect(voting(events).ballots).toEqual(ballots));

test.each([
	[ballotsMax, 1],
	[ballotsMax + 1, 2],
])("of %i votes the first that is kept is number %i", (count, first) => {
	const cast = Array.from({ length: count }, () => votes("a", "a2.1"));
	const { ballots } = voting(cast);
	expect([ballots.length, ballots[0]?.seq]).toEqual([ballotsMax, first + opened.length]);
});

test("what a judge chose is told with its reason", () => {
	expect(voting([{ type: "judge.ruled", answer: "a1.1", reason: "shorter" }]).ruling).toEqual({
		answer: "a1.1",
		reason: "shorter",
	});
});

test("the matrix has a row for each agent and a column for each round", () => {
	const told = voting([
		round("a"),
		answers("a", "a1.1"),
		round("b"),
		votes("b", "a1.1"),
		round("a", 2),
		votes("a", "a1.1"),
	]);
	const agents = ["a", "b"] as AgentId[];
	expect(matrixOf(told, agents)).toEqual({
		columns: [
			{ attempt: 1, round: 1 },
			{ attempt: 1, round: 2 },
		],
		rows: [
			{
				voter: "a",
				cells: [
					{ given: [{ answer: "a1.1", author: "a", attempt: 1, round: 1 }], ballots: [] },
					{ given: [], ballots: [ballot(8, "a", "a1.1", { round: 2 })] },
				],
			},
			{
				voter: "b",
				cells: [
					{ given: [], ballots: [ballot(6, "b", "a1.1")] },
					{ given: [], ballots: [] },
				],
			},
		],
	});
});

test.each([
	[columnsMax, 1],
	[columnsMax + 1, 2],
])("of %i rounds the first column is that of round %i", (count, first) => {
	const rounds = Array.from({ length: count }, (_, i) => [round("a", i + 1), votes("a", "a2.1")]);
	const { columns } = matrixOf(voting(rounds.flat()), []);
	expect([columns.length, columns[0]?.round]).toEqual([columnsMax, first]);
});
