import type { Answer } from "./state.ts";

/**
 * P5: what `answer_1` to `answer_N` denote for one voter, and in which order that voter is shown them. Both are drawn
 * from the session's seed and the voter's seat alone, so they are the same in every round of that voter.
 */
export type Labels = {
	/** `ofSeat[i]` is the label of the answers of seat i (0-based, team order). */
	readonly ofSeat: readonly string[];
	/** Seats in the order in which this voter is shown their answers. */
	readonly order: readonly number[];
};

/** The labels of one voter, for a team of `seats` agents. `voter`: its seat (0-based), or `seats` for the judge. */
export function labelsOf(seed: number, voter: number, seats: number): Labels {
	const random = stream(mix(seed, voter));
	const numbers = shuffled(seats, random);
	return { ofSeat: numbers.map((number) => `answer_${number + 1}`), order: shuffled(seats, random) };
}

/** The set every voter's tool schema enumerates, whatever the labels mean (P5). */
export function labelNames(seats: number): readonly string[] {
	return Array.from({ length: seats }, (_, i) => `answer_${i + 1}`);
}

/** `answers` in this voter's order. `seatOf` gives the author's seat. */
export function inOrder(
	answers: readonly Answer[],
	labels: Labels,
	seatOf: (answer: Answer) => number,
): readonly Answer[] {
	const place = (answer: Answer) => labels.order.indexOf(seatOf(answer));
	return answers.toSorted((a, b) => place(a) - place(b));
}

function shuffled(length: number, random: () => number): number[] {
	const items = Array.from({ length }, (_, i) => i);
	for (let last = length - 1; last > 0; last--) {
		const other = Math.floor(random() * (last + 1));
		const [a, b] = [items[last] ?? 0, items[other] ?? 0];
		items[last] = b;
		items[other] = a;
	}
	return items;
}

/** mulberry32: small, fast, good enough to draw labels; nothing secret hangs on it. */
function stream(seed: number): () => number {
	let a = seed | 0;
	return () => {
		a = (a + 0x6d2b79f5) | 0;
		let t = Math.imul(a ^ (a >>> 15), 1 | a);
		t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
		return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
	};
}

function mix(seed: number, voter: number): number {
	let h = Math.imul((seed | 0) ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(voter + 1, 0xc2b2ae35);
	h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
	return (h ^ (h >>> 13)) | 0;
}
