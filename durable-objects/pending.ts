import type { StreamPiece } from "../src/consensus/commands.ts";
import type { CallId } from "../src/consensus/events.ts";

/** What open calls have brought since the last commit. */
export type Pending = Map<CallId, StreamPiece[]>;

/** A piece longer than this is not extended: an event stays of a size that a watcher can take. */
export const pieceCharsMax = 16_000;

/** Adds a piece; text follows on text of its kind, so that a commit holds few and long pieces. */
export function addPiece(pending: Pending, call: CallId, piece: StreamPiece): void {
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
