import { answerText, helpText, resultOf, sameResult, statedIn, type Stated } from "./answer-text.ts";
import type { Prompt, ShownAnswer } from "./prompt.ts";

/** What one agent decides after its own computation. */
export type Decision =
	| { readonly type: "answer"; readonly content: string }
	| { readonly type: "vote"; readonly label: string; readonly reason: string }
	| { readonly type: "present"; readonly text: string };

/** The agent's own computation: `result` is null where it could not read the question. */
export type Own = { readonly result: string | null; readonly content: string; readonly method: string };

/** The demo team's rule: own result first, then the vote that independent methods agree on. Chance plays no part. */
export function decide(prompt: Prompt, own: Own): Decision {
	if (!prompt.mayAnswer && !prompt.mayVote) return { type: "present", text: presentation(prompt, own) };
	const shown = prompt.shown.map((answer) => ({ ...answer, stated: statedIn(answer.text) }));
	if (!prompt.mayVote || shown.length === 0) return { type: "answer", content: own.content };
	if (own.result === null) return voteUnread(shown);
	const mine = shown.filter((answer) => agrees(answer, own.result));
	return mine.length === 0 && prompt.mayAnswer
		? { type: "answer", content: own.content }
		: voteBetween(shown, mine, own);
}

type Candidate = ShownAnswer & { readonly stated: Stated };

/** Says in text what a decision from `decide` is about to do, as a model would before calling the tool. */
export function announcement(decision: Decision): string {
	if (decision.type === "present") return decision.text;
	return decision.type === "answer"
		? (decision.content.split("\n")[0] ?? "")
		: `I vote for ${decision.label}. ${decision.reason}`;
}

function voteBetween(shown: readonly Candidate[], mine: readonly Candidate[], own: Own): Decision {
	const other = agreedByOthers(shown, own);
	if (other !== null)
		return voteFor(
			other,
			`Two or more independent methods agree on ${other[0]?.stated.result ?? ""}; mine gives ${own.result}.`,
		);
	if (mine.length > 0) return voteFor(mine, `My own method gives ${own.result} too.`);
	return {
		type: "vote",
		label: shown[0]?.label ?? "",
		reason: `I could not confirm this: my own method gives ${own.result}.`,
	};
}

function agrees(answer: Candidate, result: string | null): boolean {
	return result !== null && answer.stated.result !== null && sameResult(answer.stated.result, result);
}

/** The answers whose value is not mine but reached by at least two methods that are not mine; most methods first. */
function agreedByOthers(shown: readonly Candidate[], own: Own): readonly Candidate[] | null {
	const groups = shown.map((answer) => shown.filter((other) => agrees(other, answer.stated.result)));
	const foreign = groups.filter(
		(group) => group.every((answer) => !agrees(answer, own.result)) && methodsOf(group, own.method) >= 2,
	);
	return (
		foreign.toSorted(
			(a, b) =>
				methodsOf(b, own.method) - methodsOf(a, own.method) ||
				byMerit(a.toSorted(byMerit)[0], b.toSorted(byMerit)[0]),
		)[0] ?? null
	);
}

/** An answer that names no method was made by one of its own. */
function methodsOf(group: readonly Candidate[], except: string): number {
	const named = group.map((answer) => answer.stated.method ?? `unnamed ${answer.text}`);
	return new Set(named.filter((method) => method !== except)).size;
}

function voteFor(candidates: readonly Candidate[], reason: string): Decision {
	return { type: "vote", label: candidates.toSorted(byMerit)[0]?.label ?? "", reason };
}

/** The same order for every voter, whatever its labels: exact before rounded, most working shown, then the text itself. */
function byMerit(a: Candidate | undefined, b: Candidate | undefined): number {
	if (a === undefined || b === undefined) return 0;
	const rounded = Number(isRounded(a)) - Number(isRounded(b));
	if (rounded !== 0) return rounded;
	if (a.stated.steps !== b.stated.steps) return b.stated.steps - a.stated.steps;
	if (a.text === b.text) return 0;
	return a.text < b.text ? -1 : 1;
}

function isRounded(answer: Candidate): boolean {
	return answer.stated.result?.startsWith("≈") === true;
}

/** Not able to compute: any real answer is better than the explanation that there is none. */
function voteUnread(shown: readonly Candidate[]): Decision {
	const real = shown.filter((answer) => answer.text.trim() !== helpText);
	if (real.length === 0)
		return voteFor(shown, "The demo team only calculates; this says so and what to do about it.");
	const sizes = real.map((answer) => real.filter((other) => agrees(other, answer.stated.result)));
	const most = Math.max(...sizes.map((group) => methodsOf(group, "")));
	return voteFor(
		real.filter((_, i) => methodsOf(sizes[i] ?? [], "") === most),
		"I can only calculate and could not confirm this answer.",
	);
}

function presentation(prompt: Prompt, own: Own): string {
	const winner = prompt.shown.find((answer) => answer.winner) ?? prompt.foremost ?? prompt.shown[0] ?? null;
	const text = winner?.text ?? own.content;
	const { result } = statedIn(text);
	if (text.trim() === helpText || result === null) return text;
	const working = text
		.split("\n")
		.filter((line) => line.startsWith("Working: "))
		.map((line) => line.replace("Working: ", ""));
	const lines = [
		`**${result}**`,
		...working.map((line) => `- ${line}`),
		...agreement(prompt, result),
		"Computed by the built-in demo team; no AI model was asked.",
	];
	return lines.join("\n");
}

function agreement(prompt: Prompt, result: string): readonly string[] {
	if (prompt.shown.length < 2) return [];
	const same = prompt.shown.filter((answer) => agrees({ ...answer, stated: statedIn(answer.text) }, result)).length;
	return [`${same} of the ${prompt.shown.length} answers give this result.`];
}

/** An agent's own computation as the rule wants it. */
export function ownOf(outcome: Parameters<typeof resultOf>[0], method: string): Own {
	return { result: resultOf(outcome), content: answerText(outcome, method), method };
}
