import { unreachable } from "../../std/assert.ts";
import type { PlayMark } from "./recording.ts";

export const speeds = [1, 2, 4, 8, 16] as const;
export type Speed = (typeof speeds)[number];

/** Where a person stands in a session: with it as it happens, or at some moment of its replay. */
export type Player =
	| { readonly status: "live"; readonly speed: Speed }
	| { readonly status: "paused"; readonly speed: Speed; readonly ms: number }
	| { readonly status: "playing"; readonly speed: Speed; readonly ms: number };

export type PlayerAction =
	| { readonly type: "play" }
	| { readonly type: "pause" }
	| { readonly type: "live" }
	| { readonly type: "faster" }
	| { readonly type: "seek"; readonly ms: number }
	/** So much time has gone by. */
	| { readonly type: "tick"; readonly elapsedMs: number }
	| { readonly type: "jump"; readonly to: "next" | "previous" };

/** What is played. */
export type Film = { readonly lengthMs: number; readonly marks: readonly PlayMark[] };

export const atRest: Player = { status: "live", speed: 1 };

/** The player after what a person did, or after time has gone by. */
export function playerAfter(player: Player, action: PlayerAction, film: Film): Player {
	const { speed } = player;
	const here = msOf(player, film);
	switch (action.type) {
		case "play":
			// At the end there is nothing left to play but the whole.
			return { status: "playing", speed, ms: here >= film.lengthMs ? 0 : here };
		case "pause":
			return { status: "paused", speed, ms: here };
		case "live":
			return { status: "live", speed };
		case "faster":
			return { ...player, speed: speeds[(speeds.indexOf(speed) + 1) % speeds.length] ?? 1 };
		case "seek":
			return { status: "paused", speed, ms: Math.max(0, Math.min(action.ms, film.lengthMs)) };
		case "tick": {
			if (player.status !== "playing") return player;
			const ms = here + action.elapsedMs * speed;
			return ms >= film.lengthMs ? { status: "live", speed } : { ...player, ms };
		}
		case "jump": {
			const mark = voteBeside(film, here, action.to);
			return mark === undefined ? player : { status: "paused", speed, ms: mark.ms };
		}
		default:
			return unreachable(action);
	}
}

/** The moment of the replay that is shown. */
export function msOf(player: Player, film: Film): number {
	return player.status === "live" ? film.lengthMs : Math.min(player.ms, film.lengthMs);
}

/** The next vote or the one before; undefined: there is none. */
export function voteBeside({ marks }: Film, ms: number, to: "next" | "previous"): PlayMark | undefined {
	const votes = marks.filter(({ kind }) => kind === "vote");
	return to === "next" ? votes.find((vote) => vote.ms > ms) : votes.findLast((vote) => vote.ms < ms);
}
