import { expect, test } from "vitest";
import { momentsAfter, momentsMax, type Moment } from "../../../src/web/state/moments.ts";
import { at, logged, type Bare } from "./logged.ts";

const after = (...events: readonly Bare[]) => logged(events).reduce(momentsAfter, [] as readonly Moment[]);
const answers = (agent: string, answer: string): Bare => ({ type: "answer.accepted", agent, answer, text: "" });
const votes = (agent: string, answer: string): Bare => ({ type: "vote.cast", agent, answer, reason: "r" });
const voided = (type: "votes.voided" | "votes.suspended", by: string, ...agents: string[]): Bare => ({
	type,
	votes: agents.map((agent) => ({ agent, answer: "a1.1" })),
	by,
});
const vote = (seq: number, agent: string, fell: unknown = null) => ({
	kind: "vote",
	seq,
	at: at(seq),
	agent,
	answer: "a1.1",
	reason: "r",
	fell,
});

test("a vote that fell names what felled it; the vote cast after it stands", () => {
	expect(
		after(
			votes("a", "a1.1"),
			votes("b", "a1.1"),
			answers("b", "a2.1"),
			voided("votes.voided", "a2.1", "a"),
			votes("a", "a1.1"),
		),
	).toEqual([
		vote(1, "a", { by: "a2.1", how: "voided" }),
		vote(2, "b"),
		{ kind: "answer", seq: 3, at: at(3), agent: "b", answer: "a2.1" },
		vote(5, "a"),
	]);
});

test("a suspended vote says so", () => {
	expect(after(votes("a", "a1.1"), voided("votes.suspended", "a2.1", "a"))).toEqual([
		vote(1, "a", { by: "a2.1", how: "suspended" }),
	]);
});

test("attempts after the first and the verdict are moments; a new turn begins without any", () => {
	const events: Bare[] = [
		{ type: "attempt.started", attempt: 1 },
		{ type: "attempt.started", attempt: 2 },
		{ type: "consensus.reached", answer: "a1.1" },
		{ type: "consensus.failed", best: "a1.1" },
	];
	expect(after(...events)).toEqual([
		{ kind: "attempt", seq: 2, at: at(2), attempt: 2 },
		{ kind: "verdict", seq: 3, at: at(3), answer: "a1.1", agreed: true },
		{ kind: "verdict", seq: 4, at: at(4), answer: "a1.1", agreed: false },
	]);
	expect(after(...events, { type: "turn.started", turn: 2, question: "?" })).toEqual([]);
});

test("moments are kept up to their limit", () => {
	const many = (n: number) => after(...Array.from({ length: n }, () => votes("a", "a1.1"))).length;
	expect([many(momentsMax), many(momentsMax + 1)]).toEqual([momentsMax, momentsMax]);
});
