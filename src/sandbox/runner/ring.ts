/** Output of a command: its beginning and its end are kept, and every byte has a place, kept or not. */
export type Ring = {
	readonly bytesMax: number;
	head: Piece[];
	headBytes: number;
	/** A piece at the beginning has no room any more: all that follows belongs to the end. */
	headFull: boolean;
	tail: Piece[];
	tailBytes: number;
	/** All that was ever written. */
	endByte: number;
};
type Piece = { readonly atByte: number; readonly stream: RingStream; readonly bytes: Buffer };
type RingStream = "stdout" | "stderr";

export type RingPiece =
	| { readonly type: "output"; readonly atByte: number; readonly stream: RingStream; readonly bytes: Buffer }
	| { readonly type: "dropped"; readonly atByte: number; readonly bytesDropped: number };

/** Pieces are joined up to this size, and there are at most so many of them: single bytes would cost more than they hold. */
const joinedBytesMax = 4096;
const piecesMax = 2048;

/** A ring with nothing in it; half of what it may hold is for the beginning. */
export function emptyRing(bytesMax: number): Ring {
	return { bytesMax, head: [], headBytes: 0, headFull: false, tail: [], tailBytes: 0, endByte: 0 };
}

/** Adds what was just written. */
export function append(ring: Ring, stream: RingStream, bytes: Buffer): void {
	const room = ring.headFull ? 0 : Math.floor(ring.bytesMax / 2) - ring.headBytes;
	const first = bytes.subarray(0, room);
	if (first.length > 0) {
		join(ring.head, { atByte: ring.endByte, stream, bytes: first });
		ring.headBytes += first.length;
		ring.endByte += first.length;
	}
	ring.headFull ||= first.length < bytes.length || ring.head.length >= piecesMax;
	const rest = bytes.subarray(first.length);
	if (rest.length === 0) return;
	const tailBytesMax = Math.ceil(ring.bytesMax / 2);
	// What would be dropped at once is not copied.
	const kept = rest.subarray(Math.max(0, rest.length - tailBytesMax));
	ring.endByte += rest.length - kept.length;
	join(ring.tail, { atByte: ring.endByte, stream, bytes: kept });
	ring.endByte += kept.length;
	ring.tailBytes += kept.length;
	while (ring.tailBytes > tailBytesMax || ring.tail.length > piecesMax) dropOldest(ring, tailBytesMax);
}

/** What is there from this byte on, at most `bytesMax` of it, and where to go on. */
export function readRing(ring: Ring, fromByte: number, bytesMax: number): { pieces: RingPiece[]; nextByte: number } {
	const pieces: RingPiece[] = [];
	let nextByte = Math.min(fromByte, ring.endByte);
	let room = bytesMax;
	for (const piece of [...ring.head, ...ring.tail]) {
		const end = piece.atByte + piece.bytes.length;
		if (end <= nextByte) continue;
		if (piece.atByte > nextByte) {
			pieces.push({ type: "dropped", atByte: nextByte, bytesDropped: piece.atByte - nextByte });
			nextByte = piece.atByte;
		}
		const from = nextByte - piece.atByte;
		const bytes = piece.bytes.subarray(from, from + room);
		if (bytes.length > 0) pieces.push({ type: "output", atByte: nextByte, stream: piece.stream, bytes });
		nextByte += bytes.length;
		room -= bytes.length;
		if (room <= 0) break;
	}
	return { pieces, nextByte };
}

/** As it is written to disk. */
export function savedRing(ring: Ring): SavedRing {
	const saved = (pieces: readonly Piece[]) =>
		pieces.map(({ atByte, stream, bytes }) => ({ atByte, stream, base64: bytes.toString("base64") }));
	return { bytesMax: ring.bytesMax, endByte: ring.endByte, head: saved(ring.head), tail: saved(ring.tail) };
}

export type SavedRing = {
	readonly bytesMax: number;
	readonly endByte: number;
	readonly head: readonly SavedPiece[];
	readonly tail: readonly SavedPiece[];
};
type SavedPiece = { readonly atByte: number; readonly stream: RingStream; readonly base64: string };

/** Nothing is added to a ring that comes from disk: its command has ended. */
export function restoredRing({ bytesMax, endByte, head, tail }: SavedRing): Ring {
	const pieces = (saved: readonly SavedPiece[]) =>
		saved.map(({ atByte, stream, base64 }) => ({ atByte, stream, bytes: Buffer.from(base64, "base64") }));
	const ring = emptyRing(bytesMax);
	return { ...ring, endByte, headFull: true, head: pieces(head), tail: pieces(tail) };
}

function join(pieces: Piece[], piece: Piece): void {
	const last = pieces.at(-1);
	// What was dropped in between keeps its place.
	const follows =
		last !== undefined && last.stream === piece.stream && last.atByte + last.bytes.length === piece.atByte;
	if (follows && last.bytes.length + piece.bytes.length <= joinedBytesMax) {
		pieces[pieces.length - 1] = { ...last, bytes: Buffer.concat([last.bytes, piece.bytes]) };
		return;
	}
	// A copy: the piece is a window on a buffer that may be much larger.
	pieces.push({ ...piece, bytes: Buffer.from(piece.bytes) });
}

function dropOldest(ring: Ring, tailBytesMax: number): void {
	const [oldest, ...rest] = ring.tail;
	if (oldest === undefined) return;
	const over = ring.tailBytes - tailBytesMax;
	if (over > 0 && over < oldest.bytes.length) {
		ring.tail[0] = { ...oldest, atByte: oldest.atByte + over, bytes: oldest.bytes.subarray(over) };
		ring.tailBytes -= over;
		return;
	}
	ring.tail = rest;
	ring.tailBytes -= oldest.bytes.length;
}
