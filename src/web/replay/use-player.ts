import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { atRest, playerAfter, type Film, type Player, type PlayerAction } from "./player.ts";
import { lengthOf, type Recording } from "./recording.ts";

/** Where motion is not wanted the replay goes on in steps. */
const stepMs = 1_000;

export type Playing = { readonly film: Film; readonly player: Player; readonly act: (action: PlayerAction) => void };

/** A player of a recording that may still grow; it moves on by itself while it plays. */
export function usePlayer(recording: Recording): Playing {
	const film = useMemo(() => ({ lengthMs: lengthOf(recording), marks: recording.marks }), [recording]);
	const latest = useRef(film);
	useEffect(() => {
		latest.current = film;
	});
	const [player, setPlayer] = useState(atRest);
	const act = useCallback((action: PlayerAction) => {
		const { current } = latest;
		setPlayer((before) => playerAfter(before, action, current));
	}, []);
	const plays = player.status === "playing";
	useEffect(() => {
		if (!plays) return;
		const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
		return calm ? everySecond(act) : everyFrame(act);
	}, [plays, act]);
	return { film, player, act };
}

type Act = Playing["act"];

function everyFrame(act: Act): () => void {
	let last = performance.now();
	let frame = requestAnimationFrame(tick);
	function tick(now: number) {
		act({ type: "tick", elapsedMs: Math.max(0, now - last) });
		last = now;
		frame = requestAnimationFrame(tick);
	}
	return () => cancelAnimationFrame(frame);
}

function everySecond(act: Act): () => void {
	const timer = setInterval(() => act({ type: "tick", elapsedMs: stepMs }), stepMs);
	return () => clearInterval(timer);
}
