export type Pieces = { readonly next: () => Promise<Uint8Array | null>; readonly cancel: () => void };

/** Or longer where a read brings more: our own work between two reads must not make a fast stream look slow. */
const quickGapMs = 5;
const quickBytesPerMs = 512;
const quickReadsMin = 4;
const firstMinimumBytes = 512;
const minimumBytesMax = 16 * 1024;
const viewBytes = 32 * 1024;

export type Pace = { readonly quickReads: number; readonly minimumBytes: number };

/**
 * What the next read waits for. Reads are what costs (about 20 us each in workerd), so a fast stream is taken in large
 * pieces. A pending read cannot be shortened: a stream that pauses keeps up to `minimumBytes - 1` bytes back, hence the
 * run of quick reads before the first step, and one byte again after any read that took longer.
 */
export function nextPace(pace: Pace, { gapMs, bytes }: { readonly gapMs: number; readonly bytes: number }): Pace {
	if (gapMs > quickGapMs + bytes / quickBytesPerMs) return { quickReads: 0, minimumBytes: 1 };
	const quickReads = Math.min(quickReadsMin, pace.quickReads + 1);
	if (quickReads < quickReadsMin) return { quickReads, minimumBytes: 1 };
	return { quickReads, minimumBytes: Math.min(minimumBytesMax, Math.max(firstMinimumBytes, pace.minimumBytes * 8)) };
}

/** The body in pieces; null at its end. A broken body ends too: whether the answer was complete shows in its bytes. */
export function piecesOf(body: ReadableStream<Uint8Array> | null, now: () => number): Pieces {
	if (body === null) return { next: async () => null, cancel: () => {} };
	const adaptive = adaptiveReaderOf(body);
	return adaptive === null ? plainPieces(body.getReader()) : adaptivePieces(adaptive, now);
}

function plainPieces(reader: ReadableStreamDefaultReader<Uint8Array>): Pieces {
	return {
		next: () =>
			reader.read().then(
				({ done, value }) => (done ? null : value),
				() => null,
			),
		cancel: () => void reader.cancel().catch(() => {}),
	};
}

function adaptivePieces(reader: ReadableStreamBYOBReader, now: () => number): Pieces {
	let pace: Pace = { quickReads: 0, minimumBytes: 1 };
	let lastMs = now();
	// Handed to each read and got back with its bytes: whoever takes a piece is done with it before the next.
	let buffer: ArrayBufferLike = new ArrayBuffer(viewBytes);
	return {
		next: () =>
			reader.readAtLeast(pace.minimumBytes, new Uint8Array(buffer)).then(
				({ value }) => {
					buffer = value?.buffer ?? buffer;
					const nowMs = now();
					pace = nextPace(pace, { gapMs: nowMs - lastMs, bytes: value?.byteLength ?? 0 });
					lastMs = nowMs;
					// At the end workerd hands over what is left below the minimum, or an empty view.
					return value === undefined || value.byteLength === 0 ? null : value;
				},
				() => null,
			),
		cancel: () => void reader.cancel().catch(() => {}),
	};
}

/** Null where the body is no byte stream, or the runtime has no `readAtLeast` (Node): plain reads do there. */
function adaptiveReaderOf(body: ReadableStream<Uint8Array>): ReadableStreamBYOBReader | null {
	let reader: ReadableStreamBYOBReader;
	try {
		reader = body.getReader({ mode: "byob" });
	} catch {
		return null;
	}
	if (typeof reader.readAtLeast === "function") return reader;
	reader.releaseLock();
	return null;
}
