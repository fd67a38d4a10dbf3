import type { Responses } from "openai/resources/responses/responses";

type Item = Responses.ResponseInputItem;

/**
 * The input with a breakpoint at the end of its first message, the task, which all agents of a turn share. From gpt-5.6 on
 * only what ends at a breakpoint is found again, and the one that OpenAI sets unasked stands after all that differs:
 * https://developers.openai.com/api/docs/guides/prompt-caching
 */
export function endedByBreakpoint(items: Item[]): Item[] {
	const [task, ...rest] = items;
	if (task === undefined || !("role" in task) || task.role !== "user") return items;
	const parts = typeof task.content === "string" ? [textPart(task.content)] : task.content;
	const last = parts.at(-1);
	if (last?.type !== "input_text") return items;
	const marked = { ...last, prompt_cache_breakpoint: { mode: "explicit" as const } };
	return [{ role: "user", content: [...parts.slice(0, -1), marked] }, ...rest];
}

function textPart(text: string): Responses.ResponseInputText {
	return { type: "input_text", text };
}
