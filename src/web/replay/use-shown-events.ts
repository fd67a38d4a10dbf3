import { useMemo } from "react";
import type { LoggedEvent } from "../../consensus/events.ts";
import { useReplay } from "./replay-context.ts";

/** The log up to the moment that is shown. */
export function useShownEvents(): readonly LoggedEvent[] {
	const { recording, count } = useReplay();
	const { events } = recording;
	return useMemo(() => (count === events.length ? events : events.slice(0, count)), [events, count]);
}
