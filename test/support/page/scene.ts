import { setTimeout as sleep } from "node:timers/promises";
import { splitText, type Brain, type FakeRequest, type Step } from "../fake-script.ts";
import { newAnswer, shownIn, vote } from "../members.ts";

/** A question on which three agents truly differ: the first answer that comes is the usual mistake. */
export const question =
	"A bat and a ball cost $1.10 together. The bat costs $1.00 more than the ball. What does each cost?";

const hasty = `The bat costs **$1.00** and the ball costs **$0.10**.

- Together: $1.00 + $0.10 = **$1.10**, as the question says.
- The bat is the dearer one by about a dollar.`;
const sound = `The ball costs **$0.05** and the bat **$1.05**.

Let the ball be \`x\`; the bat is \`x + 1.00\`. Then:

\`\`\`
x + (x + 1.00) = 1.10
            2x = 0.10
             x = 0.05
\`\`\`

| | bat | ball | together | apart |
|---|---:|---:|---:|---:|
| this answer | $1.05 | $0.05 | $1.10 | $1.00 |
| the usual slip | $1.00 | $0.10 | $1.10 | $0.90 |`;
const terse = "Ball **5 cents**, bat **105 cents**: 105 + 5 = 110, and 105 - 5 = 100.";
const final = [
	"The ball costs **$0.05** and the bat costs **$1.05**.",
	"Together they cost $1.10, and the bat costs exactly $1.00 more. The answer that comes to mind first, $0.10 for the ball, is the usual slip: the bat would then be only **$0.90** dearer.",
	"| | bat | ball | sum | apart |\n|---|---:|---:|---:|---:|\n| answer | $1.05 | $0.05 | $1.10 | $1.00 ✓ |\n| slip | $1.00 | $0.10 | $1.10 | $0.90 ✗ |",
].join("\n\n");

/** By these one sees that everybody has spoken and is about to vote. */
export const lastWords = ["Both conditions hold.", "I took back too much", "is a difference, and"] as const;

/** Until when the scene stands still; the rest plays on its own. */
export type Cue = { readonly votesFell: Promise<void> };

/**
 * Three models: one is hasty and is voted for, then another hands in the sound answer, which voids those votes; whoever sees it
 * votes for it.
 */
export function sceneBrains(cue: Cue): Readonly<Record<string, Brain>> {
	return {
		"claude-opus-5": player({
			first: hasty,
			finds: "**My own answer fails the second condition.** $1.00 - $0.10 is $0.90, not $1.00.\n\nThe new one sets up the equation:\n\n1. the ball is `x`, the bat `x + 1.00`\n2. together `2x + 1.00 = 1.10`\n3. so `x = 0.05`\n\nBoth conditions hold.",
			reason: "It checks both conditions; mine checked only the sum.",
			cue,
		}),
		"gpt-5.5": player({
			first: terse,
			finds: "I checked each answer against both sentences of the question:\n\n| | sum | difference |\n|---|---:|---:|\n| hasty | $1.10 | $0.90 |\n| new | $1.10 | **$1.00** |\n\nI took back too much when I voted for the first one.",
			reason: "Same result as mine, with the proof.",
			cue,
		}),
		"gemini-3.1-pro-preview": player({
			first: hasty,
			improves: sound,
			finds: "My new answer stands against the two others. Is there any reading under which the ball costs ten cents?\n\n> The bat costs $1.00 **more than** the ball.\n\nNo: *more than* is a difference, and $0.90 is not $1.00.",
			reason: "The equation leaves no other solution.",
			cue,
		}),
	};
}

const piecesOfSpeech = 30;
const pieceMs = 30;

type Part = {
	readonly first: string;
	/** Handed in once it has seen the others' answers; without it they are voted for. */
	readonly improves?: string;
	/** What it says when it sees the sound answer, and why it votes for it. */
	readonly finds: string;
	readonly reason: string;
	readonly cue: Cue;
};

function player({ first, improves, finds, reason, cue }: Part): Brain {
	return async function* plays(request): AsyncGenerator<Step> {
		if (request.tools.length === 0) return yield { text: final, chunks: 20 };
		const shown = shownIn(request).map(({ text }) => text);
		if (shown.length === 0) return yield* handsIn(first, "Let me set this up before I trust my first thought. ");
		if (shown.includes(sound)) {
			for (const piece of splitText(finds, piecesOfSpeech)) {
				yield { text: piece };
				await sleep(pieceMs);
			}
			await cue.votesFell;
			return yield voteFor(request, sound, reason);
		}
		if (improves === undefined) {
			yield { text: "Both prices add up to $1.10. " };
			return yield voteFor(request, hasty, "It adds up to $1.10.");
		}
		yield { text: "Adding up is not enough: the *difference* has to be $1.00 as well. I will write the equation." };
		await sleep(2500);
		yield newAnswer(improves);
	};
}

async function* handsIn(answer: string, aloud: string): AsyncGenerator<Step> {
	yield { reasoning: "Two conditions: the sum is 1.10, the difference is 1.00." };
	yield { text: aloud, chunks: 8 };
	yield newAnswer(answer);
}

function voteFor(request: FakeRequest, text: string, reason: string): Step {
	const step = vote(request, text);
	return "tool" in step && typeof step.arguments === "object"
		? { ...step, arguments: { ...step.arguments, reason } }
		: step;
}
