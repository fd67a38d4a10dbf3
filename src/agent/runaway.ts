import type { Failure } from "../backends/backend.ts";
import type { StreamPiece } from "../consensus/commands.ts";
import { repeatedCharsMax, watchRepetition } from "./repetition.ts";

/**
 * Characters that a token stands for, from above: of words it is four or five, and only of white space and rulers more.
 * A provider that does not hold the limit on output is held to it here.
 */
const charsPerTokenMax = 16;
/** So few tokens may all be long ones. */
export const outputCharsFloor = 16_000;

/** Looks at what a call brings, text and reasoning; says why it is to be broken off, or null. */
export function watchOutput(outputTokensMax: number): (pieces: readonly StreamPiece[]) => Failure | null {
	const charsMax = Math.max(outputCharsFloor, outputTokensMax * charsPerTokenMax);
	const loops = { text: watchRepetition(), reasoning: watchRepetition() };
	let chars = 0;
	return (pieces) => {
		for (const piece of pieces) {
			if (piece.kind !== "text" && piece.kind !== "reasoning") continue;
			chars += piece.text.length;
			if (loops[piece.kind](piece.text)) return looping;
		}
		return chars > charsMax ? tooMuch(outputTokensMax) : null;
	};
}

const looping: Failure = {
	code: "repetition",
	retryable: true,
	retryAfterMs: null,
	message: `The model said the same again and again, over ${repeatedCharsMax} characters.`,
};

function tooMuch(outputTokensMax: number): Failure {
	return {
		code: "output_too_large",
		retryable: false,
		retryAfterMs: null,
		message: `The model went on beyond the limit of ${outputTokensMax} tokens of output.`,
	};
}
