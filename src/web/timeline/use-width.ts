import { useLayoutEffect, useState, type RefObject } from "react";

/** The width of an element in pixels, now and as it changes. */
export function useWidth(element: RefObject<HTMLElement | null>): number {
	const [width, setWidth] = useState(600);
	useLayoutEffect(() => {
		const { current } = element;
		if (current === null) return;
		const measure = () => setWidth(Math.max(1, Math.floor(current.clientWidth)));
		measure();
		const observer = new ResizeObserver(measure);
		observer.observe(current);
		return () => observer.disconnect();
	}, [element]);
	return width;
}
