/** The stretch of time that is in sight; null: all there is, also while more comes. */
export type Viewport = { readonly fromMs: number; readonly toMs: number };

/** Nothing shorter can be told apart: events carry whole milliseconds. */
export const spanMsMin = 20;

/** All of a scene of this length. */
export function whole(endMs: number): Viewport {
	return { fromMs: 0, toMs: Math.max(endMs, spanMsMin) };
}

/** Nearer by `factor`, or farther below 1, with the moment `aroundMs` staying where it is; null once all is in sight. */
export function zoomed(
	{ fromMs, toMs }: Viewport,
	endMs: number,
	{ factor, aroundMs }: { readonly factor: number; readonly aroundMs: number },
): Viewport | null {
	const all = whole(endMs);
	const span = Math.max(spanMsMin, (toMs - fromMs) / factor);
	if (span >= all.toMs) return null;
	const share = (aroundMs - fromMs) / (toMs - fromMs);
	return within(aroundMs - share * span, span, all);
}

/** Moved by so many milliseconds, as far as there is something to see. */
export function panned({ fromMs, toMs }: Viewport, endMs: number, byMs: number): Viewport {
	return within(fromMs + byMs, toMs - fromMs, whole(endMs));
}

/** Moved as little as shows this moment; null stays null, which shows all. */
export function showing(viewport: Viewport | null, endMs: number, ms: number): Viewport | null {
	if (viewport === null || (ms >= viewport.fromMs && ms <= viewport.toMs)) return viewport;
	const span = viewport.toMs - viewport.fromMs;
	return within(ms - span / 2, span, whole(endMs));
}

function within(fromMs: number, span: number, all: Viewport): Viewport {
	const from = Math.max(0, Math.min(fromMs, all.toMs - span));
	return { fromMs: from, toMs: from + span };
}
