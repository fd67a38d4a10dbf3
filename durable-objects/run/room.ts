import type { StreamPiece } from "../../src/consensus/commands.ts";
import type { CallId } from "../../src/consensus/events.ts";
import { addPiece, type Pending } from "../store/pending.ts";

/**
 * Streams of all calls together may have so much waiting to be written. No call starts while nothing can be written, so only
 * pictures and the very longest replies come so far.
 */
export const waitingCharsMax = 16_000_000;

/** Bounds what waits. A reply itself is kept with its call: what is left out here is the sight of it being written. */
export type Room = {
	/** Keeps a piece, or leaves it out where there is no room. */
	readonly take: (call: CallId, piece: StreamPiece) => void;
	/** What waited is written. */
	readonly emptied: () => void;
	readonly ended: (call: CallId) => void;
};

/** From the first piece of a call that is left out, all the rest is too: what is shown has no hole. */
export function makeRoom(pending: Pending): Room {
	let chars = 0;
	const cut = new Set<CallId>();
	return {
		take: (call, piece) => {
			const size = sizeOf(piece);
			if (!cut.has(call) && chars + size <= waitingCharsMax) {
				chars += size;
				return addPiece(pending, call, piece);
			}
			// A picture stands in no reply, so the log says that there was one: it is told of empty, which is unreadable.
			if (piece.kind === "image" && !cut.has(call)) addPiece(pending, call, { ...piece, base64: "" });
			cut.add(call);
		},
		emptied: () => {
			chars = 0;
		},
		ended: (call) => void cut.delete(call),
	};
}

/** Pieces without text count as well: there may be many. */
function sizeOf(piece: StreamPiece): number {
	switch (piece.kind) {
		case "text":
		case "reasoning":
			return piece.text.length;
		case "image":
			return piece.base64.length;
		default:
			return JSON.stringify(piece).length;
	}
}
