import { costAfter, savedAfter } from "../consensus/cost.ts";
import type { CallId, LoggedEvent } from "../consensus/events.ts";

/** What a person sees of a session's costs so far. */
export type Spent = {
	readonly calls: number;
	readonly input: number;
	readonly output: number;
	/** The part of `input` that came from caches. */
	readonly cached: number;
	/** What that saved, in US dollars; null once a cache was used at a price that nobody knows. */
	readonly saved_usd: number | null;
	readonly cost_usd: number | null;
	/** Open calls that cost nothing. */
	readonly free: readonly CallId[];
};

type EventOf<T extends LoggedEvent["type"]> = Extract<LoggedEvent, { type: T }>;

/** The costs once a call has ended. */
export function spentAfter(spent: Spent, event: EventOf<"call.finished">): Spent {
	return {
		calls: spent.calls + 1,
		input: spent.input + (event.usage?.input ?? 0),
		output: spent.output + (event.usage?.output ?? 0),
		cached: spent.cached + (event.usage?.cached ?? 0),
		saved_usd: savedAfter(spent.saved_usd, event),
		...billed(spent, event),
	};
}

/** The costs once a call has started or ended: until it has, nobody knows its price. */
export function billed(
	{ cost_usd, free }: Spent,
	event: EventOf<"call.started"> | EventOf<"call.finished">,
): Pick<Spent, "cost_usd" | "free"> {
	const cost = costAfter({ usd: cost_usd, free }, event);
	return { cost_usd: cost.usd, free: cost.free };
}
