import type { ModelReply } from "./commands.ts";
import type { SessionEvent } from "./events.ts";
import type { OpenCall } from "./open-calls.ts";
import { cutArguments, cutWord } from "./streamed.ts";

/** Calls of tools that do not exist are shown to people, at most this many of one reply. */
export const unknownToolsMax = 8;

/** P1: what a reply tried that is not there; the reminder that follows tells the model. */
export function unknownTools(call: OpenCall, { toolCalls }: ModelReply): readonly SessionEvent[] {
	if (call.purpose !== "round") return [];
	const { agent, id } = call;
	const unknown = toolCalls.filter(({ name }) => name !== "new_answer" && name !== "vote").slice(0, unknownToolsMax);
	return unknown.flatMap(({ name, arguments: args }): readonly SessionEvent[] => {
		const tool = cutWord(name);
		return [
			{ type: "tool.called", agent, call: id, tool, arguments: cutArguments(args) },
			{ type: "tool.returned", agent, call: id, tool, ok: false, result: "There is no such tool." },
		];
	});
}
