import { useState } from "react";
import type { View } from "../../api/view.ts";
import { useRoom } from "../state/room.ts";

export type PickedTurn = {
	readonly turn: number;
	/** All that can be picked, the present one last. */
	readonly turns: readonly number[];
	/** What a person sees of the picked turn: as it ended, or as it stands. */
	readonly view: View;
	readonly pick: (turn: number) => void;
};

/** The turn that a tab tells of: the present one, until a person picks another. */
export function useTurn(): PickedTurn {
	const { session } = useRoom();
	const [picked, setPicked] = useState<number | null>(null);
	const views = [...session.past.map(({ view }) => view), session.view];
	const view = views.find(({ turn }) => turn === picked) ?? session.view;
	const turns = views.map(({ turn }) => turn);
	const pick = (turn: number) => setPicked(turn === session.view.turn ? null : turn);
	return { turn: view.turn, turns, view, pick };
}
