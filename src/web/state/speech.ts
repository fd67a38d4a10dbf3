import type { AnswerId, CallId, LoggedEvent } from "../../consensus/events.ts";
import type { AgentId } from "../../consensus/team.ts";
import type { JsonObject } from "../../std/json.ts";

/** Everything an agent said and did in one round; of the presentation as well, which is a round of its own here. */
export type Speech = {
	readonly agent: AgentId;
	/** 0: the presentation. */
	readonly round: number;
	readonly attempt: number;
	readonly at: string;
	readonly shown: readonly AnswerId[];
	readonly recheck: boolean;
	readonly text: string;
	readonly reasoning: string;
	readonly tools: readonly ToolUse[];
	readonly sources: readonly { readonly url: string; readonly title: string }[];
	/** What it was told of others' answers while it worked. */
	readonly informed: readonly AnswerId[];
	readonly reminders: number;
	/** The model call that spoke last: what another one says begins anew. */
	readonly call: CallId | null;
	readonly ending: Ending;
};

export type Ending =
	| { readonly how: "open" }
	| { readonly how: "answered"; readonly answer: AnswerId }
	| { readonly how: "voted"; readonly answer: AnswerId; readonly reason: string }
	/** Of a presentation: it is the final answer, or its author sent the team back instead. */
	| { readonly how: "presented" }
	| { readonly how: "sent_back"; readonly reason: string }
	| { readonly how: "failed"; readonly code: string };

export type ToolUse = {
	readonly tool: string;
	readonly arguments: JsonObject;
	readonly outcome: { readonly ok: boolean; readonly result: string } | null;
};

export const speechCharsMax = 400_000;
export const toolsShownMax = 200;
export const sourcesShownMax = 100;
/** Rounds of one turn that are kept, over all agents. */
export const speechesMax = 800;

/** The speeches after one more event of the same turn. */
export function speechesAfter(speeches: readonly Speech[], event: LoggedEvent): readonly Speech[] {
	switch (event.type) {
		case "turn.started":
			return [];
		case "round.started":
			return [...speeches, opened(event, event)].slice(-speechesMax);
		case "agent.text":
			return changed(speeches, event.agent, (speech) => ({
				call: event.call,
				text: (speech.text + gap(speech, event.call) + event.text).slice(-speechCharsMax),
			}));
		case "agent.reasoning":
			return changed(speeches, event.agent, ({ reasoning }) => ({
				reasoning: (reasoning + event.text).slice(-speechCharsMax),
			}));
		case "agent.cited":
			return changed(speeches, event.agent, ({ sources }) => ({
				sources: [...sources, { url: event.url, title: event.title }].slice(-sourcesShownMax),
			}));
		case "tool.called":
			return changed(speeches, event.agent, ({ tools }) => ({
				tools: [...tools, { tool: event.tool, arguments: event.arguments, outcome: null }].slice(
					-toolsShownMax,
				),
			}));
		case "tool.returned":
			return changed(speeches, event.agent, ({ tools }) => ({ tools: returned(tools, event) }));
		case "agent.informed":
			return changed(speeches, event.agent, ({ informed }) => ({ informed: [...informed, ...event.answers] }));
		case "agent.reminded":
			return changed(speeches, event.agent, ({ reminders }) => ({ reminders: reminders + 1 }));
		case "answer.accepted":
			return changed(speeches, event.agent, () => ({ ending: { how: "answered", answer: event.answer } }));
		case "vote.cast":
			return changed(speeches, event.agent, () => ({
				ending: { how: "voted", answer: event.answer, reason: event.reason },
			}));
		case "agent.failed":
			return event.retry_in_ms === null
				? changed(speeches, event.agent, () => ({ ending: { how: "failed", code: event.code } }))
				: speeches;
		case "presentation.started":
			return [...speeches, opened(event, { round: 0, attempt: 0, shown: [], recheck: false })].slice(
				-speechesMax,
			);
		case "presentation.judged":
			return event.decision === "restart"
				? changed(speeches, event.agent, () => ({ ending: { how: "sent_back", reason: event.reason } }))
				: speeches;
		case "turn.finished":
			return presented(speeches);
		default:
			return speeches;
	}
}

function opened(
	{ agent, at }: { readonly agent: AgentId; readonly at: string },
	{ round, attempt, shown, recheck }: Pick<Speech, "round" | "attempt" | "shown" | "recheck">,
): Speech {
	const nothing = { text: "", reasoning: "", tools: [], sources: [], informed: [], reminders: 0, call: null };
	return { agent, at, round, attempt, shown, recheck, ...nothing, ending: { how: "open" } };
}

/** Between what two calls say of the same round: one that failed in the middle is made again from its start. */
function gap({ call, text }: Speech, next: CallId): string {
	return text === "" || call === null || call === next ? "" : "\n\n";
}

/** Changes an agent's latest speech. */
function changed(
	speeches: readonly Speech[],
	agent: AgentId,
	change: (speech: Speech) => Partial<Speech>,
): readonly Speech[] {
	const at = speeches.findLastIndex((speech) => speech.agent === agent);
	const speech = speeches[at];
	return speech === undefined ? speeches : speeches.with(at, { ...speech, ...change(speech) });
}

/** Who presented last wrote the final answer. */
function presented(speeches: readonly Speech[]): readonly Speech[] {
	const at = speeches.findLastIndex(({ round }) => round === 0);
	const speech = speeches[at];
	return speech === undefined ? speeches : speeches.with(at, { ...speech, ending: { how: "presented" } });
}

function returned(
	tools: readonly ToolUse[],
	{ tool, ok, result }: { readonly tool: string; readonly ok: boolean; readonly result: string },
): readonly ToolUse[] {
	const at = tools.findLastIndex((use) => use.tool === tool && use.outcome === null);
	const use = tools[at];
	return use === undefined ? tools : tools.with(at, { ...use, outcome: { ok, result } });
}
