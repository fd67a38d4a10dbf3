import { expect, test } from "vitest";
import { resultOf } from "../../../src/backends/demo/answer-text.ts";
import { methods } from "../../../src/backends/demo/methods.ts";
import { isRight, kinds, posed, type Kind, type Posed } from "../../support/demo-oracle.ts";

const questionsPosed = 10_000;

test("over ten thousand questions two methods are always right and the third as often as its method allows", () => {
	const questions = Array.from({ length: questionsPosed }, (_, seed) => posed(seed));
	const wrong = Object.fromEntries(
		[...methods.keys()].map((model) => [model, questions.filter((question) => !rightBy(model, question))]),
	);
	console.log(table(questions, wrong));

	expect(wrong["demo-precedence"]).toEqual([]);
	expect(wrong["demo-rewriting"]).toEqual([]);
	const kindsMissed = kinds.filter((kind) => accuracy(questions, wrong["demo-left-to-right"] ?? [], kind) < 1);
	expect(kindsMissed).toEqual(["mixed operators", "brackets", "powers"]);
	expect(accuracy(questions, wrong["demo-left-to-right"] ?? [], "mixed operators")).toBeLessThan(0.2);
});

test("the oracle tells right from wrong", () => {
	const expected = { ratio: { top: 1n, bottom: 3n }, unit: "km" };
	expect(
		["≈ 0.333333333333 km", "≈ 0.33333 km", "0.333333333333", "≈ 0.333333333333 mi"].map((result) =>
			isRight(result, expected),
		),
	).toEqual([true, false, false, false]);
	expect(
		["14", "14.0", "20", ""].map((result) => isRight(result, { ratio: { top: 28n, bottom: 2n }, unit: "" })),
	).toEqual([true, false, false, false]);
});

function rightBy(model: string, { question, expected }: Posed): boolean {
	const outcome = methods.get(model)?.solve(question);
	const result = outcome === undefined ? null : resultOf(outcome);
	return result !== null && isRight(result, expected);
}

function accuracy(questions: readonly Posed[], wrong: readonly Posed[], kind: Kind): number {
	const count = (list: readonly Posed[]) => list.filter((question) => question.kind === kind).length;
	return 1 - count(wrong) / count(questions);
}

function table(questions: readonly Posed[], wrong: Record<string, readonly Posed[]>): string {
	const rows = kinds.map((kind) =>
		[
			kind.padEnd(16),
			...Object.values(wrong).map((list) =>
				`${(100 * accuracy(questions, list, kind)).toFixed(1)} %`.padStart(20),
			),
		].join(""),
	);
	return [
		"".padEnd(16) +
			Object.keys(wrong)
				.map((model) => model.padStart(20))
				.join(""),
		...rows,
	].join("\n");
}
