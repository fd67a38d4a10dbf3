import { useEffect, useRef, useState, type RefObject } from "react";
import { msAt } from "./geometry.ts";
import { panned, showing, whole, zoomed, type Viewport } from "./viewport.ts";

export type Looking = {
	readonly viewport: Viewport;
	readonly isWhole: boolean;
	readonly zoom: (factor: number) => void;
	readonly pan: (share: number) => void;
	readonly fit: () => void;
	/** Brings a moment into sight. */
	readonly show: (ms: number) => void;
	/** Moves by so many pixels, as a finger does. */
	readonly drag: (px: number) => void;
};

/** How much nearer a key or a button goes. */
export const zoomStep = 1.6;
/** How fast a wheel zooms: a notch of a mouse is about 100 pixels. */
const wheelPx = 400;

/** Which stretch of time is in sight, and the wheel that changes it: with Ctrl it zooms, sideways it pans. */
export function useViewport(frame: RefObject<HTMLElement | null>, endMs: number, width: number): Looking {
	const [picked, setPicked] = useState<Viewport | null>(null);
	const viewport = picked ?? whole(endMs);
	const geometry = { viewport, width };
	const span = viewport.toMs - viewport.fromMs;
	const drag = (px: number) => {
		if (picked !== null) setPicked(panned(picked, endMs, (-px / width) * span));
	};
	const wheeled = (event: WheelEvent) => {
		const zooms = event.ctrlKey || event.metaKey;
		const sideways = event.shiftKey ? event.deltaY : event.deltaX;
		// Up and down alone still scrolls the page.
		if (!zooms && Math.abs(sideways) <= (event.shiftKey ? 0 : Math.abs(event.deltaY))) return;
		event.preventDefault();
		const left = frame.current?.getBoundingClientRect().left ?? 0;
		if (zooms) {
			const aroundMs = msAt(geometry, event.clientX - left);
			setPicked(zoomed(viewport, endMs, { factor: Math.exp(-event.deltaY / wheelPx), aroundMs }));
		} else drag(-sideways);
	};
	const latest = useRef(wheeled);
	useEffect(() => {
		latest.current = wheeled;
	});
	useEffect(() => {
		const { current } = frame;
		const listen = (event: WheelEvent) => latest.current(event);
		// React listens passively, and then the page would scroll or grow as well.
		current?.addEventListener("wheel", listen, { passive: false });
		return () => current?.removeEventListener("wheel", listen);
	}, [frame]);
	return {
		viewport,
		isWhole: picked === null,
		zoom: (factor) => setPicked(zoomed(viewport, endMs, { factor, aroundMs: viewport.fromMs + span / 2 })),
		pan: (share) => drag(-share * width),
		fit: () => setPicked(null),
		show: (ms) => setPicked(showing(picked, endMs, ms)),
		drag,
	};
}
