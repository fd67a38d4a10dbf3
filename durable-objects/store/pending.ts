import type { StreamPiece } from "../../src/consensus/commands.ts";
import type { CallId } from "../../src/consensus/events.ts";

/** What open calls have brought since the last commit. */
export type Pending = Map<CallId, StreamPiece[]>;

/** Longer text is cut into several events: each has to fit a row, and a watcher's frame. */
export const pieceCharsMax = 16_000;

/** Adds what came, text in pieces of at most `pieceCharsMax`. */
export function addPiece(pending: Pending, call: CallId, piece: StreamPiece): void {
	if (piece.kind !== "text" && piece.kind !== "reasoning") return addOne(pending, call, piece);
	for (let from = 0; from < piece.text.length; from += pieceCharsMax)
		addOne(pending, call, { kind: piece.kind, text: piece.text.slice(from, from + pieceCharsMax) });
}

/** Text follows on text of its kind, so that a commit holds few and long pieces. */
function addOne(pending: Pending, call: CallId, piece: StreamPiece): void {
	const pieces = pending.get(call);
	if (pieces === undefined) {
		pending.set(call, [piece]);
		return;
	}
	const last = pieces.at(-1);
	const joins =
		last !== undefined && (piece.kind === "text" || piece.kind === "reasoning") && last.kind === piece.kind;
	if (joins && last.text.length + piece.text.length <= pieceCharsMax)
		pieces[pieces.length - 1] = { kind: piece.kind, text: last.text + piece.text };
	else pieces.push(piece);
}
