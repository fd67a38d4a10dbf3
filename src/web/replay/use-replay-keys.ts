import { useEffect, useRef } from "react";
import type { PlayerAction } from "./player.ts";

/** Where one types. */
const typing = "input:not([type=range]), textarea, select, dialog, [contenteditable]";
/** What Space presses or ticks by itself. */
const pressable = "button, a, summary, input";

/** Space plays and pauses; brackets go from vote to vote. */
export function useReplayKeys(act: (action: PlayerAction) => void, plays: boolean): void {
	const latest = useRef(plays);
	useEffect(() => {
		latest.current = plays;
	});
	useEffect(() => {
		const pressed = (event: KeyboardEvent) => {
			if (event.ctrlKey || event.metaKey || event.altKey) return;
			const isIn = (kind: string) => event.target instanceof Element && event.target.closest(kind) !== null;
			if (isIn(typing)) return;
			if (event.key === "[") return act({ type: "jump", to: "previous" });
			if (event.key === "]") return act({ type: "jump", to: "next" });
			if (event.key !== " " || isIn(pressable)) return;
			event.preventDefault();
			act({ type: latest.current ? "pause" : "play" });
		};
		addEventListener("keydown", pressed);
		return () => removeEventListener("keydown", pressed);
	}, [act]);
}
