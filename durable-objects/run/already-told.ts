import type { StreamPiece } from "../../src/consensus/commands.ts";
import type { LoggedEvent } from "../../src/consensus/events.ts";
import type { WantedCall } from "../../src/consensus/plan.ts";

/** What the log holds of one call that is open. */
export type Told = {
	readonly text: string;
	readonly reasoning: string;
	/** How many pieces of each other kind. */
	readonly counts: Readonly<Record<Counted, number>>;
};

type Counted = Exclude<StreamPiece["kind"], "text" | "reasoning">;

/** Reads a log for what it says of this call. A presentation's text has no call's name: it is what its last try brought. */
export function toldOf(log: Iterable<LoggedEvent>, call: Pick<WantedCall, "id" | "purpose">): Told {
	let text = "";
	let reasoning = "";
	const counts: Record<Counted, number> = { citation: 0, image: 0, server_tool: 0, server_tool_result: 0 };
	for (const event of log) {
		if (call.purpose === "presentation" && event.type === "presentation.started") text = "";
		else if (call.purpose === "presentation" && event.type === "final.text") text += event.text;
		if (!("call" in event) || event.call !== call.id) continue;
		if (event.type === "agent.text") text += event.text;
		else if (event.type === "agent.reasoning") reasoning += event.text;
		else if (event.type in countedAs) counts[countedAs[event.type as keyof typeof countedAs]] += 1;
	}
	return { text, reasoning, counts };
}

const countedAs = {
	"agent.cited": "citation",
	"agent.image": "image",
	"agent.image_dropped": "image",
	"tool.called": "server_tool",
	"tool.returned": "server_tool_result",
} as const satisfies Partial<Record<LoggedEvent["type"], Counted>>;

/**
 * P15: a call that is taken up brings everything again from its beginning; this lets pass what the log does not hold yet.
 * Words that differ from those in the log were never this answer's beginning: nothing of their kind passes any more, and
 * the whole reply decides in the end (P12: its text is then presented anew).
 */
export function untold(told: Told): (pieces: readonly StreamPiece[]) => readonly StreamPiece[] {
	const rest: Record<"text" | "reasoning", string | null> = { text: told.text, reasoning: told.reasoning };
	const counts = { ...told.counts };
	return (pieces) =>
		pieces.flatMap((piece): readonly StreamPiece[] => {
			if (piece.kind === "text" || piece.kind === "reasoning") {
				const { news, left } = behind(rest[piece.kind], piece.text);
				rest[piece.kind] = left;
				return news === "" ? [] : [{ kind: piece.kind, text: news }];
			}
			if (counts[piece.kind] === 0) return [piece];
			counts[piece.kind] -= 1;
			return [];
		});
}

/** Null: the words have parted from those in the log. */
function behind(rest: string | null, text: string): { readonly news: string; readonly left: string | null } {
	if (rest === null) return { news: "", left: null };
	if (rest.startsWith(text)) return { news: "", left: rest.slice(text.length) };
	return text.startsWith(rest) ? { news: text.slice(rest.length), left: "" } : { news: "", left: null };
}
