import { judgedText } from "./novelty-text.ts";

/** P7: how much a new answer must differ from those its author was shown. */
export type NoveltyLevel = "lenient" | "balanced" | "strict";

/** Texts that are longer, or cut into more pieces, are judged by identity alone, so that judging stays well under a second. */
export const comparedCharsMax = 200_000;
export const comparedBreaksMax = 20_000;

/**
 * P7: whether `candidate` only says again what `existing` says. A difference is trivial only if it is on a list
 * (layout, padding, listed synonyms, units whose order carries nothing); every other difference is news.
 */
export function isCopy(candidate: string, existing: string, level: NoveltyLevel): boolean {
	if (sameText(candidate) === sameText(existing)) return true;
	if (level === "lenient") return false;
	if (isTooLarge(candidate) || isTooLarge(existing)) return false;
	const left = judgedText(candidate, level);
	const right = judgedText(existing, level);
	// Padding alone says nothing, but two texts of nothing are not the same text either.
	if (left.inOrder === "" || right.inOrder === "") return false;
	if (left.inOrder === right.inOrder) return true;
	return !left.ordered && !right.ordered && left.sorted === right.sorted;
}

/**
 * P6: the key under which identical answers form one pool. NFC and not NFKC, because NFKC makes "x²" into "x2"; case
 * counts, as it does in names, units and code.
 */
export function sameText(text: string): string {
	return text.normalize("NFC").replace(/\s+/gu, " ").trim();
}

function isTooLarge(text: string): boolean {
	return text.length > comparedCharsMax || (text.match(/[\n.!?;。！？；]/gu)?.length ?? 0) > comparedBreaksMax;
}
