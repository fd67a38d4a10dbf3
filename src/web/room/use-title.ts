import { useEffect } from "react";
import type { View } from "../../api/view.ts";
import { phaseTitle } from "./phase.ts";

const titleCharsMax = 60;

/** The window's title says which question it is and where it stands. */
export function useTitle(view: View): void {
	const title = view.turn === 0 ? "MassGen Edge" : `${phaseTitle(view)} · ${view.question.slice(0, titleCharsMax)}`;
	useEffect(() => {
		document.title = title;
		return () => void (document.title = "MassGen Edge");
	}, [title]);
}
