import { expect, test } from "vitest";
import {
	atRest,
	msOf,
	playerAfter,
	type Film,
	type Player,
	type PlayerAction,
} from "../../../src/web/replay/player.ts";

const film: Film = {
	lengthMs: 1000,
	marks: [
		{ kind: "answer", seq: 1, ms: 100 },
		{ kind: "vote", seq: 2, ms: 300 },
		{ kind: "void", seq: 3, ms: 500 },
		{ kind: "vote", seq: 4, ms: 700 },
	],
};
const paused = (ms: number): Player => ({ status: "paused", speed: 1, ms });
const playing = (ms: number, speed: Player["speed"] = 1): Player => ({ status: "playing", speed, ms });
const live = (speed: Player["speed"] = 1): Player => ({ status: "live", speed });

test.each<[string, Player, PlayerAction, Player]>([
	["played at its end, it begins anew", atRest, { type: "play" }, playing(0)],
	["played in the middle, it goes on there", paused(400), { type: "play" }, playing(400)],
	["it can be paused", playing(400), { type: "pause" }, paused(400)],
	["pausing what is live holds the moment", atRest, { type: "pause" }, paused(1000)],
	["time goes by as fast as the speed says", playing(100, 4), { type: "tick", elapsedMs: 50 }, playing(300, 4)],
	["at the end it is live again", playing(900, 16), { type: "tick", elapsedMs: 50 }, live(16)],
	["time does not move what is paused", paused(100), { type: "tick", elapsedMs: 50 }, paused(100)],
	["drawing the bar holds it there", playing(100), { type: "seek", ms: 250 }, paused(250)],
	["nobody gets before the beginning", paused(100), { type: "seek", ms: -5 }, paused(0)],
	["nor beyond the end", paused(100), { type: "seek", ms: 5000 }, paused(1000)],
	["the next vote is held", paused(300), { type: "jump", to: "next" }, paused(700)],
	["the vote before as well", atRest, { type: "jump", to: "previous" }, paused(700)],
	["without a next vote nothing moves", paused(700), { type: "jump", to: "next" }, paused(700)],
	["without one before neither", paused(300), { type: "jump", to: "previous" }, paused(300)],
	["one comes back to what happens now", paused(300), { type: "live" }, atRest],
	["after 16 the speed is 1 again", live(16), { type: "faster" }, live(1)],
	["each speed is twice the one before", playing(5, 2), { type: "faster" }, playing(5, 4)],
])("%s", (_, player, action, expected) => expect(playerAfter(player, action, film)).toEqual(expected));

test("a live session is shown at its end, however long it grows", () => {
	expect([msOf(atRest, film), msOf(atRest, { ...film, lengthMs: 2000 }), msOf(paused(5000), film)]).toEqual([
		1000, 2000, 1000,
	]);
});
