import { press } from "./left-to-right.ts";
import { reckonByWalking } from "./left-to-right-dates.ts";
import { convertByCard } from "./left-to-right-units.ts";
import { faults, notUnderstood, questionCharsMax, type Outcome, type Solve } from "./outcome.ts";
import { climb } from "./precedence-climber.ts";
import { reckonByJulianDay } from "./precedence-dates.ts";
import { convertBySize } from "./precedence-units.ts";
import { rewrite } from "./rewriter.ts";
import { reckonByYearDays } from "./rewriter-dates.ts";
import { convertByDefinitions } from "./rewriter-units.ts";

/** How one agent of the demo team works. `name` stands in its answers, so that peers can tell methods apart. */
export type Method = { readonly name: string; readonly solve: Solve; readonly callMs: number };

/** The demo team's models. They share no reader and no arithmetic: where they agree, it means something. */
export const methods: ReadonlyMap<string, Method> = new Map([
	[
		"demo-precedence",
		{
			name: "precedence climbing on floats with an error bound",
			solve: firstOf([reckonByJulianDay, convertBySize, climb]),
			callMs: 1_100,
		},
	],
	[
		"demo-rewriting",
		{
			name: "term rewriting on exact fractions",
			solve: firstOf([reckonByYearDays, convertByDefinitions, rewrite]),
			callMs: 1_500,
		},
	],
	[
		"demo-left-to-right",
		{
			name: "keyed in from left to right, as on a pocket calculator",
			solve: firstOf([reckonByWalking, convertByCard, press]),
			callMs: 1_300,
		},
	],
]);

/** The first reader that understands the question decides; a question too long to read in full is not read at all. */
function firstOf(readers: readonly Solve[]): Solve {
	return (question) => {
		if (question.trim().length > questionCharsMax) return faults.length;
		return readers.reduce<Outcome>(
			(outcome, solve) => (outcome.status === "not_understood" ? solve(question) : outcome),
			notUnderstood,
		);
	};
}
