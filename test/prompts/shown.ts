import { promptOf } from "../../src/agent/prompt-of.ts";
import { plan } from "../../src/consensus/plan.ts";
import type { Prompt } from "../../src/prompts/prompt.ts";
import type { Scenario } from "../consensus/scenario.ts";

/** The prompt of the call that a scenario wants of this agent; null: of the judge. */
export function promptFor({ state }: Scenario, who: string | null): Prompt {
	if (state.status === "empty" || state.current === null) throw new Error("no turn is running");
	const call = plan(state).calls.find(({ agent }) => agent === who);
	if (call === undefined) throw new Error(`nothing is wanted of ${who ?? "the judge"}`);
	return promptOf(state, state.current, call);
}

/** What changes from prompt to prompt, as a person would read it: the tools' names, then each message. */
export function shown({ tools, messages }: Prompt): string {
	const offered = tools.map(({ name }) => name).join(", ") || "none";
	const parts = messages.map((message) =>
		message.role === "user"
			? `[user]\n${message.text}`
			: `[its ${replies[message.role]}]\n${message.answer}`.replace("CALL", message.call),
	);
	return [`[tools: ${offered}]`, ...parts].join("\n");
}

const replies = {
	reply: "reply in CALL, answered with",
	paused: "unfinished reply in CALL; another model is told",
} as const;
