import { costText, kindName, secondsText, timeText } from "./item-text.ts";
import type { Scene } from "./scene.ts";

export type TableLine = {
	readonly key: string;
	readonly seq: number;
	readonly who: string;
	readonly what: string;
	readonly when: string;
	readonly cost: string;
	readonly text: string;
};

/** A scene in words, in the order of its events. */
export function tableLines({ lanes, items, turnings, influences }: Scene): readonly TableLine[] {
	const whoIs = (lane: number) => lanes[lane] ?? "judge";
	return [
		...items.map((item) => ({
			key: `${item.seq} ${item.lane}`,
			seq: item.seq,
			who: whoIs(item.lane),
			what: kindName(item),
			when: timeText(item),
			cost: costText(item),
			text: item.text,
		})),
		...turnings.map(({ seq, atMs, short, text }) => ({
			key: `${seq}`,
			seq,
			who: "team",
			what: short,
			when: `at ${secondsText(atMs)}`,
			cost: "",
			text,
		})),
		...influences.map(({ seq, answer, to }) => ({
			key: `${seq} ${answer} ${to.lane}`,
			seq,
			who: whoIs(to.lane),
			what: "Sees",
			when: `at ${secondsText(to.ms)}`,
			cost: "",
			text: `sees ${answer} for the first time`,
		})),
	].toSorted((a, b) => a.seq - b.seq);
}
