import { expect, test } from "vitest";
import { emptyView, viewOf } from "../../../src/api/view.ts";
import { ledgerOf, rowOf, type Arrow, type Standing } from "../../../src/web/room/ledger/ledger.ts";
import { logged, opened, type Bare } from "../state/logged.ts";

const ledger = (...events: readonly Bare[]) => ledgerOf(logged([...opened, ...events]).reduce(viewOf, emptyView));
const answers = (agent: string, answer: string, text = answer): Bare => ({
	type: "answer.accepted",
	agent,
	answer,
	text,
});
const votes = (agent: string, answer: string): Bare => ({
	type: "vote.cast",
	agent,
	answer,
	reason: `${agent} likes it`,
});
const falls = (type: "votes.voided" | "votes.suspended", by: string, agent: string, answer: string): Bare => ({
	type,
	votes: [{ agent, answer }],
	by,
});
const standing = (answer: string, author: string, changes: Partial<Standing> = {}) => ({
	answer,
	author,
	pooled: [],
	votes: 0,
	share: 0,
	leads: false,
	voids: false,
	...changes,
});
const arrow = (voter: string, answer: string, seq: number, changes: Partial<Record<keyof Arrow, unknown>> = {}) => ({
	voter,
	answer,
	reason: `${voter} likes it`,
	standing: "counted",
	by: null,
	seq,
	...changes,
});
const two = [answers("a", "a1.1"), answers("b", "a2.1")];

test("before there are answers there is nothing to vote for", () => {
	expect(ledger()).toEqual({ standings: [], arrows: [] });
});

test("rows stand in the order of the answers, whoever leads", () => {
	expect(ledger(...two, votes("a", "a2.1"))).toEqual({
		standings: [standing("a1.1", "a"), standing("a2.1", "b", { votes: 1, share: 0.5, leads: true })],
		arrows: [arrow("a", "a2.1", 5)],
	});
});

test("a vote that fell stays as an arrow without weight, and names what felled it", () => {
	expect(
		ledger(...two, votes("a", "a2.1"), answers("b", "a2.2"), falls("votes.voided", "a2.2", "a", "a2.1")),
	).toEqual({
		standings: [standing("a1.1", "a"), standing("a2.2", "b", { voids: true })],
		arrows: [arrow("a", "a2.1", 7, { standing: "voided", by: "a2.2" })],
	});
});

test("a suspended vote is no voided one", () => {
	const { arrows } = ledger(...two, votes("a", "a2.1"), falls("votes.suspended", "a1.1", "a", "a2.1"));
	expect(arrows).toEqual([arrow("a", "a2.1", 6, { standing: "suspended", by: "a1.1" })]);
});

test("a vote that was cast again stands, and what felled the first is not named any more", () => {
	const again = [
		votes("a", "a2.1"),
		answers("b", "a2.2"),
		falls("votes.suspended", "a2.2", "a", "a2.1"),
		votes("a", "a1.1"),
	];
	expect(ledger(...two, ...again)).toEqual({
		standings: [standing("a1.1", "a", { votes: 1, share: 0.5, leads: true }), standing("a2.2", "b")],
		arrows: [arrow("a", "a1.1", 8)],
	});
});

test("the same answer twice is one row", () => {
	const { standings } = ledger(answers("a", "a1.1", "42"), answers("b", "a2.1", "42"));
	expect(standings.map(({ answer, pooled }) => [answer, pooled])).toEqual([["a1.1", ["a2.1"]]]);
});

test.each([
	["a1.1", 0],
	["a1.7", 0],
	["a2.1", 1],
	["a3.1", 1],
	["a4.1", -1],
])("an arrow to %s ends at row %d", (answer, row) => {
	const standings = [standing("a1.2", "a"), standing("a2.1", "b", { pooled: ["a3.1" as Standing["answer"]] })];
	expect(rowOf(standings as unknown as Standing[], answer as Standing["answer"])).toBe(row);
});
