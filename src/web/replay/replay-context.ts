import { createContext, useContext } from "react";
import type { Film, Player, PlayerAction } from "./player.ts";
import type { Recording } from "./recording.ts";

/** What the replay bar and the exports need: the log that came, and where one stands in it. */
export type Replay = {
	readonly recording: Recording;
	/** How many of its events have happened by the moment that is shown. */
	readonly count: number;
	readonly film: Film;
	readonly player: Player;
	readonly act: (action: PlayerAction) => void;
};

export const ReplayContext = createContext<Replay | null>(null);

/** The replay of the session that is shown here. */
export function useReplay(): Replay {
	const replay = useContext(ReplayContext);
	if (replay === null) throw new Error("no replay: this part of the page stands within a session's page");
	return replay;
}
