import { useRef, type PointerEvent } from "react";
import { drawnOf } from "./drawn.ts";
import { headHeight, laneHeight, msAt, type Geometry } from "./geometry.ts";
import { nearestItem } from "./nearest.ts";
import type { Item, Scene } from "./scene.ts";
import type { Looking } from "./use-viewport.ts";

type Pointing = {
	readonly scene: Scene;
	readonly geometry: Geometry;
	readonly looking: Looking;
	readonly point: (item: Item | null) => void;
};

/** What a pointer does in the timeline: it points at what is nearest, and draws the picture along while it is down. */
export function useTimelinePointer({ scene, geometry, looking, point }: Pointing) {
	const dragged = useRef<number | null>(null);
	const pointed = (event: PointerEvent<HTMLElement>) => {
		const { viewport, width } = geometry;
		const { left, top } = event.currentTarget.getBoundingClientRect();
		const lane = Math.floor((event.clientY - top - headHeight) / laneHeight);
		const ms = msAt(geometry, event.clientX - left);
		const perPx = (viewport.toMs - viewport.fromMs) / width;
		point(nearestItem(drawnOf(scene, viewport, width).items, { lane, ms, perPx }));
	};
	const released = () => void (dragged.current = null);
	return {
		onPointerMove: (event: PointerEvent<HTMLElement>) => {
			if (dragged.current === null) return pointed(event);
			looking.drag(event.clientX - dragged.current);
			dragged.current = event.clientX;
		},
		onPointerDown: (event: PointerEvent<HTMLElement>) => {
			pointed(event);
			if (looking.isWhole) return;
			dragged.current = event.clientX;
			event.currentTarget.setPointerCapture(event.pointerId);
		},
		onPointerUp: released,
		onPointerCancel: released,
	};
}
