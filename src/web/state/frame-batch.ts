/** Hidden pages get no frames; they take what has come so often. */
const hiddenMs = 500;
/** So many at once are handed on without waiting for a frame. */
const batchMax = 2_000;

export type FrameBatch<T> = { readonly push: (item: T) => void; readonly drop: () => void };

/** Hands on what was pushed, at most once a frame, in its order. */
export function makeFrameBatch<T>(hand: (items: readonly T[]) => void): FrameBatch<T> {
	let waiting: T[] = [];
	let frame = 0;
	let timer: ReturnType<typeof setTimeout> | undefined;
	const cancel = () => {
		cancelAnimationFrame(frame);
		clearTimeout(timer);
		frame = 0;
		timer = undefined;
	};
	const flush = () => {
		cancel();
		const items = waiting;
		waiting = [];
		if (items.length > 0) hand(items);
	};
	return {
		push: (item) => {
			waiting.push(item);
			if (waiting.length >= batchMax) return flush();
			if (timer !== undefined) return;
			frame = requestAnimationFrame(flush);
			timer = setTimeout(flush, hiddenMs);
		},
		drop: () => {
			cancel();
			waiting = [];
		},
	};
}
