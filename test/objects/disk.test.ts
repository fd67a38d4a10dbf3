import { expect, test } from "vitest";
import { makeDisk, retryMs } from "../../durable-objects/run/disk.ts";
import { makeRoom, waitingCharsMax } from "../../durable-objects/run/room.ts";
import type { Pending } from "../../durable-objects/store/pending.ts";
import type { StreamPiece } from "../../src/consensus/commands.ts";
import type { CallId } from "../../src/consensus/events.ts";
import { diskFull } from "../support/full-disk.ts";

const full = () => {
	throw new Error(diskFull);
};

test("a disk that takes nothing is asked again after 1 s, then after twice as long, at most 30 s; a write that it takes starts anew", () => {
	const waits: number[] = [];
	let ring = () => {};
	const disk = makeDisk({
		now: () => 0,
		later: (run, ms) => ((ring = run), void waits.push(ms)),
		again: () => void disk.write(full),
	});
	disk.write(full);
	// While it is to be asked, another write that fails asks no sooner.
	disk.write(full);
	for (let tries = 0; tries < 6; tries += 1) ring();
	expect(waits).toEqual([1000, 2000, 4000, 8000, 16_000, retryMs.most, retryMs.most]);
	expect(disk.write(() => {})).toBe(true);
	expect([disk.state(), waits.splice(7)]).toEqual([{ state: "ok" }, [0]]);
});

test("a write that fails for another reason is no fault of the disk", () => {
	const disk = makeDisk({ now: () => 0, later: () => {}, again: () => {} });
	const odd = () => {
		throw new TypeError("odd");
	};
	expect(() => disk.write(odd)).toThrow("odd");
	expect(disk.state()).toEqual({ state: "ok" });
});

test("as long as something waits it is tried again, whatever goes wrong then", () => {
	const rings: (() => void)[] = [];
	const again = () => {
		throw new TypeError("odd");
	};
	const disk = makeDisk({ now: () => 0, later: (run) => void rings.push(run), again });
	disk.failed(new Error(diskFull));
	rings[0]?.();
	expect(rings.length).toBe(2);
	expect(disk.state()).toEqual({
		state: "failing",
		since: "1970-01-01T00:00:00.000Z",
		detail: "A fault of ours: the platform's log has it.",
	});
});

const [a, b] = ["a", "b"].map((id) => id as CallId) as [CallId, CallId];
const text = (length: number): StreamPiece => ({ kind: "text", text: "x".repeat(length) });
const picture = (length: number): StreamPiece => ({
	kind: "image",
	mediaType: "image/png",
	base64: "x".repeat(length),
});
const sizes = (pending: Pending) =>
	[...pending].map(([call, pieces]) => [
		call,
		pieces.reduce((sum, piece) => sum + ("text" in piece ? piece.text.length : 0), 0),
	]);

test("streams may have so much waiting, and not one character more; a call that is cut stays cut until it ends", () => {
	const pending: Pending = new Map();
	const room = makeRoom(pending);
	room.take(a, text(waitingCharsMax - 2));
	room.take(b, text(2));
	room.take(b, text(1));
	expect(sizes(pending)).toEqual([
		[a, waitingCharsMax - 2],
		[b, 2],
	]);
	pending.clear();
	room.emptied();
	room.take(a, text(3));
	room.take(b, text(3));
	expect(sizes(pending)).toEqual([[a, 3]]);
	room.ended(b);
	room.take(b, text(3));
	expect(sizes(pending)).toEqual([
		[a, 3],
		[b, 3],
	]);
});

test("the first picture without room is told of, empty, and nothing after it", () => {
	const pending: Pending = new Map();
	const room = makeRoom(pending);
	room.take(a, picture(waitingCharsMax));
	room.take(b, picture(1));
	room.take(b, picture(1));
	room.take(b, text(1));
	expect(pending.get(b)).toEqual([picture(0)]);
});
