const editsMax = 2;

/** The known word most likely meant by a mistyped one: at most two edits away and less than half rewritten; else null. */
export function nearest(word: string, known: readonly string[]): string | null {
	let best: string | null = null;
	let bestEdits = Math.min(editsMax, Math.ceil(word.length / 2) - 1) + 1;
	for (const candidate of known) {
		if (Math.abs(candidate.length - word.length) > editsMax) continue;
		const edits = editDistance(word, candidate);
		if (edits < bestEdits) [best, bestEdits] = [candidate, edits];
	}
	return best;
}

/** Insertions, deletions, substitutions and swaps of neighbours, one row at a time. */
function editDistance(from: string, to: string): number {
	let before: readonly number[] = [];
	let row: readonly number[] = Array.from({ length: to.length + 1 }, (_, column) => column);
	for (let line = 1; line <= from.length; line += 1) {
		const next = [line];
		for (let column = 1; column <= to.length; column += 1) {
			const substituted = at(row, column - 1) + (from[line - 1] === to[column - 1] ? 0 : 1);
			const swaps = from[line - 1] === to[column - 2] && from[line - 2] === to[column - 1];
			const swapped = swaps ? at(before, column - 2) + 1 : Infinity;
			next.push(Math.min(substituted, swapped, at(row, column) + 1, at(next, column - 1) + 1));
		}
		[before, row] = [row, next];
	}
	return at(row, to.length);
}

const at = (row: readonly number[], column: number) => row[column] ?? Infinity;
