import type { SessionEvent } from "../../src/consensus/events.ts";
import type { ConsensusEvent } from "../../src/consensus/verdict.ts";
import type { Scenario } from "./scenario.ts";

type Of<T extends SessionEvent["type"]> = SessionEvent & { readonly type: T };

/** The verdict of the last deliberation. */
export function outcome({ events }: Scenario): ConsensusEvent {
	const verdict = events.findLast((event) => event.type === "consensus.reached" || event.type === "consensus.failed");
	if (verdict === undefined) throw new Error("the deliberation goes on");
	return verdict;
}

/** Every event of one type, whole. */
export function all<T extends SessionEvent["type"]>({ events }: Scenario, type: T): readonly Of<T>[] {
	return events.filter((event): event is Of<T> => event.type === type);
}
