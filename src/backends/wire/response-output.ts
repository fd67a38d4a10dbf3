import type { JsonObject } from "../../std/json.ts";
import { makeFailure } from "../failure.ts";
import { objectsOf, textOf } from "./fields.ts";
import { addEcho, giveUp, type Reading } from "./reading.ts";
import { addRest, identitiesOf, type Seen, unseen } from "./response-items.ts";

/** The output items of one response, told apart by their place in it. */
export type ResponseOutput = {
	/** What was seen of the item at this place that is still open; one that nobody has begun is begun. */
	readonly at: (index: number) => Seen;
	readonly close: (index: number, item: JsonObject) => void;
	/** The items of the finished response: yields those, and that of them, which the stream has not brought. */
	readonly closeAll: (response: JsonObject) => void;
	/** Whether any of it refuses. */
	readonly isRefused: () => boolean;
};

/** Items that one answer may have. */
export const outputItemsMax = 4096;

/**
 * Proxies change the ids of items between events, so their `output_index` is what tells them apart. Hosts that leave it
 * out, or have the same for all, send one item after the other.
 */
export function responseOutput(reading: Reading): ResponseOutput {
	const items = new Map<number, Seen>();
	const closed = new Set<string>();
	let begun = 0;
	let refused = false;

	function at(index: number): Seen {
		const known = items.get(index);
		if (known !== undefined && !known.closed) return known;
		begun += 1;
		if (begun > outputItemsMax)
			giveUp(reading, makeFailure("bad_stream", `more than ${outputItemsMax} items in one answer`));
		const fresh = unseen(reading);
		items.set(index, fresh);
		return fresh;
	}

	function close(index: number, item: JsonObject): void {
		const names = identitiesOf(item);
		const isRepeated =
			names.length > 0 ? names.some((name) => closed.has(name)) : items.get(index)?.closed === true;
		if (isRepeated) return;
		for (const name of names) closed.add(name);
		const seen = at(index);
		seen.type = textOf(item["type"]);
		seen.closed = true;
		addRest(reading, seen, item);
		refused ||= seen.refused;
		addEcho(reading, item);
	}

	function closeAll(response: JsonObject): void {
		for (const [index, item] of objectsOf(response["output"]).entries()) {
			const known = items.get(index);
			// It may be known under other ids by now.
			if (known?.closed === true && known.type === item["type"]) continue;
			const before = reading.out.length;
			close(index, item);
			// Of an item that was closed before this body began nothing is new, but it counts in why the model stopped.
			if (known === undefined && reading.from !== null && !reading.ended) reading.out.length = before;
		}
	}

	return { at, close, closeAll, isRefused: () => refused };
}
