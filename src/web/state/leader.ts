import type { View } from "../../api/view.ts";
import type { AnswerId } from "../../consensus/events.ts";

/** The answer to be read now: once one leads it stays until another has more support, so that nothing is torn from the reader. */
export function leaderAfter(before: AnswerId | null, view: View): AnswerId | null {
	if (view.outcome.status !== "open") return view.leader;
	const [first] = view.tally;
	if (first === undefined) return null;
	const kept = view.tally.find(
		({ answer, pooled }) => before !== null && (answer === before || pooled.includes(before)),
	);
	if (kept === undefined) return successor(before, view) ?? first.answer;
	const others = (row: typeof first) => row.votes - row.self_votes + row.pooled.length;
	return others(kept) >= others(first) && kept.votes >= first.votes ? before : first.answer;
}

/** What the author of the answer has put in its place, as long as no other is ahead of it. */
function successor(before: AnswerId | null, { tally }: View): AnswerId | null {
	if (before === null || (tally[0]?.votes ?? 0) > 0) return null;
	const seat = before.split(".")[0];
	return tally.find(({ answer }) => answer.split(".")[0] === seat)?.answer ?? null;
}
