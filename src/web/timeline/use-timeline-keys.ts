import type { KeyboardEvent } from "react";
import type { Item, Scene } from "./scene.ts";
import { zoomStep, type Looking } from "./use-viewport.ts";

const panShare = 0.2;

type Moving = {
	readonly scene: Scene;
	readonly looking: Looking;
	readonly picked: Item | null;
	readonly pick: (item: Item) => void;
};

/** What keys do in the timeline: from item to item, nearer and farther, to and fro. */
export function useTimelineKeys({ scene: { items }, looking, picked, pick }: Moving): (event: KeyboardEvent) => void {
	const go = (item: Item | undefined) => {
		if (item === undefined) return;
		pick(item);
		looking.show(item.fromMs);
	};
	const beside = (by: number) => {
		const at = items.findIndex(({ seq, lane }) => seq === picked?.seq && lane === picked.lane);
		go(items[Math.max(0, Math.min(at + by, items.length - 1))]);
	};
	const keys: Readonly<Record<string, () => void>> = {
		ArrowRight: () => beside(1),
		ArrowLeft: () => beside(-1),
		"Shift ArrowRight": () => looking.pan(panShare),
		"Shift ArrowLeft": () => looking.pan(-panShare),
		Home: () => go(items[0]),
		End: () => go(items.at(-1)),
		"+": () => looking.zoom(zoomStep),
		"=": () => looking.zoom(zoomStep),
		"-": () => looking.zoom(1 / zoomStep),
		"0": looking.fit,
	};
	return (event) => {
		if (event.ctrlKey || event.metaKey || event.altKey) return;
		const act = keys[event.shiftKey && event.key.startsWith("Arrow") ? `Shift ${event.key}` : event.key];
		if (act === undefined) return;
		event.preventDefault();
		event.stopPropagation();
		act();
	};
}
