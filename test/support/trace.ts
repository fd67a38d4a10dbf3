import type { LoggedEvent } from "../../src/consensus/events.ts";

/** What happened to one agent, a line for each event, without streams, clocks and chance. */
export function traceOf(events: readonly LoggedEvent[], agent: string): string[] {
	const calls = new Map<string, string | null>();
	return events.flatMap((event) => {
		if (event.type === "call.started") calls.set(event.call, event.agent);
		const whose = event.type === "call.finished" ? calls.get(event.call) : "agent" in event ? event.agent : null;
		const line = whose === agent ? lineOf(event) : null;
		return line === null ? [] : [line];
	});
}

type Untimed<Event> = Event extends unknown ? Omit<Event, "seq" | "at"> : never;
type Picked<Type> = Untimed<Extract<LoggedEvent, { readonly type: Type }>>;

/** The events of these types, in order, as they stand in the log but for `seq` and `at`. */
export function picked<Type extends LoggedEvent["type"]>(
	events: readonly LoggedEvent[],
	...types: readonly Type[]
): Picked<Type>[] {
	const wanted: readonly string[] = types;
	const found = events.flatMap((event) => {
		if (!wanted.includes(event.type)) return [];
		const { seq: _seq, at: _at, ...rest } = event;
		return [rest];
	});
	return found as unknown as Picked<Type>[];
}

function lineOf(event: LoggedEvent): string | null {
	switch (event.type) {
		case "round.started":
			return `round ${event.round}${event.shown.length === 0 ? "" : ` sees ${event.shown.toSorted().join(" ")}`}`;
		case "call.started":
			return `calls, paid ${event.paid}, offered ${event.offers.join(" ") || "nothing"}`;
		case "call.finished":
			return `call ${event.outcome}`;
		case "answer.accepted":
			return `answers ${event.answer}`;
		case "answer.refused":
			return `answer refused: ${event.reason}`;
		case "vote.cast":
			return `votes ${event.answer}`;
		case "vote.refused":
			return `vote refused: ${event.reason}`;
		case "agent.reminded":
			return `reminded: ${event.reason}`;
		case "agent.informed":
			return `informed of ${event.answers.join(" ")}`;
		case "agent.failed":
			return `fails: ${event.code}${event.retry_in_ms === null ? "" : ", again"}`;
		case "agent.fell_back":
			return `falls back to ${event.to.model}: ${event.code}`;
		case "agent.paused":
			return "pauses";
		case "agent.quarantined":
			return `out: ${event.code}`;
		case "tool.called":
			return `uses ${event.tool}`;
		case "tool.returned":
			return `${event.tool} ${event.ok ? "works" : "fails"}`;
		case "presentation.started":
			return `presents, try ${event.try}, ${event.mode}`;
		default:
			return null;
	}
}
