import { useEffect, useRef } from "react";
import type { PlayerAction } from "./player.ts";

/** What a key must not be taken from: where one types, and what Space presses by itself. */
const own = "input, textarea, select, button, a, summary, dialog, [contenteditable]";

/** Space plays and pauses; brackets go from vote to vote. */
export function useReplayKeys(act: (action: PlayerAction) => void, plays: boolean): void {
	const latest = useRef(plays);
	useEffect(() => {
		latest.current = plays;
	});
	useEffect(() => {
		const pressed = (event: KeyboardEvent) => {
			if (event.ctrlKey || event.metaKey || event.altKey) return;
			if (event.target instanceof Element && event.target.closest(own) !== null) return;
			if (event.key === "[") return act({ type: "jump", to: "previous" });
			if (event.key === "]") return act({ type: "jump", to: "next" });
			if (event.key !== " ") return;
			event.preventDefault();
			act({ type: latest.current ? "pause" : "play" });
		};
		addEventListener("keydown", pressed);
		return () => removeEventListener("keydown", pressed);
	}, [act]);
}
