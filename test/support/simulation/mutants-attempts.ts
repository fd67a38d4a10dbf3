import type { MutantRow } from "./mutants.ts";

/** P13 and the soft deadline of P10. */
export const attemptMutants: readonly MutantRow[] = [
	["P10", "nobody is hurried", "plan", "activity.round.hurried === null", "false"],
	["P13", "attempts without end", "attempts", "if (!attemptsLeft(session, turn)) return false;", ""],
	["P13", "an attempt begins near the limit", "attempts", "return !turn.near && ", "return "],
	["P13", "a restart without instructions", "attempts", ' || instructions.trim() === ""', ""],
	["P13", "a restart beside another call", "attempts", " || more.length > 0", ""],
	["P13", "whatever is called begins anew", "attempts", 'if (call?.name !== "restart" || more', "if (more"],
	["P13", "an attempt keeps its answers", "attempts", "answers: [], sealOpen", "answers: turn.answers, sealOpen"],
	["P13", "an attempt begins unsealed", "attempts", "sealOpen: false", "sealOpen: true"],
	["P13", "an attempt gives back who is out", "attempts", 'activity.status === "quarantined" ? activity : ', ""],
	[
		"P13",
		"an attempt has fewer rounds",
		"attempts",
		"...freshSeat(agent), activity",
		"...freshSeat(agent), roundsUsed: 1, activity",
	],
	["P13", "the attempt before is forgotten", "attempts", "earlier: { turn, verdict, instructions }", "earlier: null"],
	[
		"P13",
		"what the judgement cost does not count",
		"decide",
		"mayRestart(after, after.current)",
		"mayRestart(state, turn)",
	],
	["P13", "an answer of the attempt before is presented", "advance", " || ofEarlier", ""],
	["P16", "answer_now lets another attempt begin", "attempts", " && !turn.answerNow", ""],
	["P16", "answer_now is not heard by a presenter", "decide", " || attemptsLeft(state, turn)", ""],
	[
		"P16",
		"answer_now waits for another attempt",
		"verdict",
		"if (turn.earlier !== null && turn.answerNow)",
		"if (false)",
	],
];
