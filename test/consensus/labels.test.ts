import { describe, expect, test } from "vitest";
import { inOrder, labelNames, labelsOf } from "../../src/consensus/labels.ts";
import type { Answer } from "../../src/consensus/state.ts";
import { agentsMax } from "../../src/consensus/team.ts";
import { agentId, answered, answerId } from "./scenario.ts";

const sizes = [1, 2, 3, 5, agentsMax] as const;
const seeds = Array.from({ length: 200 }, (_, i) => i * 7919 - 500);
const drawn = (seats: number) =>
	seeds.flatMap((seed) => Array.from({ length: seats + 1 }, (_, voter) => labelsOf(seed, voter, seats)));
const share = (hits: readonly boolean[]) => hits.filter(Boolean).length / hits.length;

describe("P5: anonymous and unordered", () => {
	test.each(sizes)("P5: for %i agents every voter's labels are the whole set, each once", (seats) => {
		const sets = drawn(seats).map(({ ofSeat }) => ofSeat.toSorted());
		expect(sets).toEqual(sets.map(() => labelNames(seats).toSorted()));
	});

	test.each(sizes)("P5: for %i agents every voter's order names every seat once", (seats) => {
		const orders = drawn(seats).map(({ order }) => order.toSorted((a, b) => a - b));
		expect(orders).toEqual(orders.map(() => Array.from({ length: seats }, (_, i) => i)));
	});

	test.each<readonly [number, readonly string[]]>([
		[1, ["answer_1"]],
		[3, ["answer_1", "answer_2", "answer_3"]],
	])("P5: the set of labels of %i agents is `answer_1` to `answer_N`", (seats, expected) => {
		expect(labelNames(seats)).toEqual(expected);
	});

	test("P5: labels are a matter of voter and session: drawn again they are the same", () => {
		expect(labelsOf(42, 1, 5)).toEqual(labelsOf(42, 1, 5));
	});

	test.each<readonly [string, (seed: number) => boolean]>([
		[
			"what labels mean differs between two voters",
			(seed) => differ(labelsOf(seed, 0, 5).ofSeat, labelsOf(seed, 1, 5).ofSeat),
		],
		[
			"what labels mean differs between two sessions",
			(seed) => differ(labelsOf(seed, 0, 5).ofSeat, labelsOf(seed + 1, 0, 5).ofSeat),
		],
		[
			"the order differs between two voters",
			(seed) => differ(labelsOf(seed, 0, 5).order, labelsOf(seed, 1, 5).order),
		],
		["the order is not that of the seats", (seed) => differ(labelsOf(seed, 0, 5).order, [0, 1, 2, 3, 4])],
		["the order is not that of the labels", (seed) => differ(byLabel(seed), labelsOf(seed, 0, 5).order)],
	])("P5: %s, but for one draw in a hundred", (_, differs) => {
		const rate = share(seeds.map(differs));
		expect([rate > 0.95, rate < 1.01]).toEqual([true, true]);
	});

	test("P5: which label is a voter's own is drawn evenly", () => {
		const own = Array.from({ length: 3000 }, (_, seed) => labelsOf(seed, 1, 3).ofSeat[1]);
		const counts = labelNames(3).map((label) => own.filter((drawnLabel) => drawnLabel === label).length);
		expect(counts.map((count) => Math.abs(count - 1000) < 120)).toEqual([true, true, true]);
	});

	test("P5: answers stand in the voter's own order, whatever their sealed order", () => {
		const { order } = labelsOf(3, 0, 3);
		const answers = ["a", "b", "c"].map((agent, i): Answer => ({
			id: answerId(`a${i + 1}.1`),
			agent: agentId(agent),
			text: "",
			identity: "",
		}));
		const seatOf = ({ agent }: Answer) => "abc".indexOf(agent);
		expect(inOrder(answers.toReversed(), labelsOf(3, 0, 3), seatOf).map(seatOf)).toEqual(order);
	});

	test("P5: a voter's labels stay the same from one round to the next", () => {
		const first = answered().votes("c", "a2.1");
		const again = first.answers("a", "A2").votes("c", "a2.1");
		const cast = again.events.flatMap((event) => (event.type === "vote.cast" ? [event.answer] : []));
		expect(cast).toEqual(["a2.1", "a2.1"]);
	});

	test("P5: one label denotes different authors to different voters", () => {
		const seed =
			seeds.find((candidate) => differ(labelsOf(candidate, 0, 3).ofSeat, labelsOf(candidate, 1, 3).ofSeat)) ?? 0;
		const vote = ["vote", { answer: "answer_1", reason: "" }] as const;
		const { events } = answered({ seed })
			.replies("a", [...vote])
			.replies("b", [...vote]);
		const cast = events.flatMap((event) => (event.type === "vote.cast" ? [event.answer] : []));
		const authors = [0, 1].map((voter) => `a${labelsOf(seed, voter, 3).ofSeat.indexOf("answer_1") + 1}.1`);
		expect(cast).toEqual(authors);
	});
});

function byLabel(seed: number): readonly number[] {
	const { ofSeat } = labelsOf(seed, 0, 5);
	return labelNames(5).map((label) => ofSeat.indexOf(label));
}

function differ(left: readonly unknown[], right: readonly unknown[]): boolean {
	return left.some((item, i) => item !== right[i]);
}
