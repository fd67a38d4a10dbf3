import { expect, test } from "vitest";
import { drawnOf, influencesMax, turningsMax } from "../../../src/web/timeline/drawn.ts";
import { nearestItem } from "../../../src/web/timeline/nearest.ts";
import { outlinesOf } from "../../../src/web/timeline/outlines.ts";
import type { Item, Scene } from "../../../src/web/timeline/scene.ts";
import { spacedNames } from "../../../src/web/timeline/spaced-names.ts";
import { momentText, ticksOf } from "../../../src/web/timeline/ticks.ts";
import { panned, showing, spanMsMin, whole, zoomed, type Viewport } from "../../../src/web/timeline/viewport.ts";

const view = (fromMs: number, toMs: number): Viewport => ({ fromMs, toMs });

test.each<[string, Viewport | null, Viewport | null]>([
	[
		"nearer, the moment in the middle stays",
		zoomed(view(0, 1000), 1000, { factor: 2, aroundMs: 500 }),
		view(250, 750),
	],
	[
		"nearer at the edge, nothing lies before the beginning",
		zoomed(view(0, 1000), 1000, { factor: 2, aroundMs: 0 }),
		view(0, 500),
	],
	[
		"farther than all is all, also while more comes",
		zoomed(view(250, 750), 1000, { factor: 0.5, aroundMs: 500 }),
		null,
	],
	[
		"nearer than events can be told apart is no nearer",
		zoomed(view(0, spanMsMin), 1000, { factor: 9, aroundMs: 0 }),
		view(0, spanMsMin),
	],
	["panned", panned(view(100, 300), 1000, 50), view(150, 350)],
	["panned beyond the end it stops there", panned(view(100, 300), 1000, 5000), view(800, 1000)],
	["panned before the beginning as well", panned(view(100, 300), 1000, -5000), view(0, 200)],
	["what is in sight moves nothing", showing(view(100, 300), 1000, 300), view(100, 300)],
	["what is not comes into the middle", showing(view(100, 300), 1000, 600), view(500, 700)],
	["all shows everything", showing(null, 1000, 600), null],
	["an empty scene has a length nevertheless", whole(0), view(0, spanMsMin)],
])("%s", (_, got, expected) => expect(got).toEqual(expected));

test.each<[string, Viewport, number, readonly string[]]>([
	["whole seconds", view(0, 4000), 4, ["0:00", "0:01", "0:02", "0:03", "0:04"]],
	["parts of a second", view(0, 300), 3, ["0.0 s", "0.1 s", "0.2 s", "0.3 s"]],
	["milliseconds", view(0, 20), 2, ["0.00 s", "0.01 s", "0.02 s"]],
	["hours", view(0, 7_200_000), 2, ["0:00", "1:00:00", "2:00:00"]],
])("ticks of %s", (_, viewport, count, texts) =>
	expect(ticksOf(viewport, count).map(({ text }) => text)).toEqual(texts),
);

test("the finest moments are told to the millisecond", () => expect(momentText(1234, 5)).toBe("1.234 s"));

const mark = (seq: number, fromMs: number, lane = 0): Item => ({
	shape: "mark",
	kind: "vote",
	seq,
	lane,
	fromMs,
	toMs: fromMs,
	text: "",
	answer: null,
});
const span = (seq: number, fromMs: number, toMs: number): Item => ({
	shape: "span",
	kind: "call",
	seq,
	lane: 0,
	fromMs,
	toMs,
	open: false,
	text: "",
	cost_usd: null,
});
const scene = (parts: Partial<Scene>): Scene => ({
	lanes: [],
	items: [],
	turnings: [],
	influences: [],
	endMs: 1000,
	...parts,
});

test("what lies outside is not drawn, and of what lies upon each other one stands for all", () => {
	const items = [mark(1, 100), mark(2, 101), mark(3, 100, 1), mark(4, 900), span(5, 0, 150), span(6, 250, 800)];
	const { items: drawn } = drawnOf(scene({ items }), view(50, 250), 100);
	expect(drawn.map(({ item, count }) => [item.seq, count])).toEqual([
		[1, 2],
		[3, 1],
		[5, 1],
		[6, 1],
	]);
});

test("five thousand votes are a single path of as many signs as can be told apart", () => {
	const items = Array.from({ length: 5000 }, (_, i) => mark(i, i / 5));
	const drawn = drawnOf(scene({ items }), whole(1000), 300);
	const outlines = outlinesOf(
		drawn.items.map(({ item }) => item),
		{ viewport: whole(1000), width: 300 },
	);
	expect([drawn.items.length, outlines.length, outlines[0]?.d.split("z").length]).toEqual([100, 1, 101]);
});

test.each([
	["arrows", influencesMax, influencesMax],
	["arrows", influencesMax + 1, influencesMax],
])("of %s, when there are %i, %i are drawn", (_, count, drawn) => {
	const end = { lane: 0, ms: 5 };
	const influences = Array.from({ length: count }, (_none, seq) => ({
		seq,
		answer: "a1.1" as never,
		from: end,
		to: end,
	}));
	expect(drawnOf(scene({ influences }), whole(1000), 300).influences.length).toBe(drawn);
});

test.each([
	[turningsMax, turningsMax],
	[turningsMax + 1, turningsMax],
])("of %i lines across the lanes %i are drawn", (count, drawn) => {
	const turnings = Array.from({ length: count }, (_none, seq) => ({ seq, atMs: seq, text: "", short: "note" }));
	expect(drawnOf(scene({ turnings }), whole(1000), 300).turnings.length).toBe(drawn);
});

test("a name that would run into the one before is left out, and one at the edge stands to the left", () => {
	const turnings = [0, 10, 980].map((atMs, seq) => ({ seq, atMs, text: "", short: "seal opens" }));
	const named = spacedNames(turnings, { viewport: whole(1000), width: 1000 });
	expect(named.map(({ named: told, late }) => [told, late])).toEqual([
		[true, false],
		[false, false],
		[true, true],
	]);
});

test.each<[string, number, number | null]>([
	["a mark goes before the span below it", 100, 1],
	["beside it the span is meant", 130, 2],
	["nothing is near", 400, null],
])("%s", (_, ms, seq) => {
	const items = [mark(1, 100), span(2, 50, 200)].map((item) => ({ item }));
	expect(nearestItem(items, { lane: 0, ms, perPx: 1 })?.seq ?? null).toBe(seq);
});

test("another lane's items are not meant", () => {
	expect(nearestItem([{ item: mark(1, 100) }], { lane: 1, ms: 100, perPx: 1 })).toBe(null);
});
