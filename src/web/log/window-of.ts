export const rowHeightPx = 28;
/** Rows drawn beyond either edge. */
const spare = 10;

/** Which rows of a list are in sight, and a few around them. */
export function windowOf(
	count: number,
	{ top, height }: { readonly top: number; readonly height: number },
): { readonly from: number; readonly to: number } {
	const first = Math.floor(top / rowHeightPx) - spare;
	const rows = Math.ceil(height / rowHeightPx) + 2 * spare;
	const from = Math.max(0, Math.min(first, count - rows));
	return { from, to: Math.min(count, from + rows) };
}
