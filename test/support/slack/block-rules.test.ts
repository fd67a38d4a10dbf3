import { expect, test } from "vitest";
import type { Json, JsonObject } from "../../../src/std/json.ts";
import { blocksFault, type Surface } from "./block-rules.ts";

const plain = (text: string): JsonObject => ({ type: "plain_text", text });
const mrkdwn = (text: string): JsonObject => ({ type: "mrkdwn", text });
const x = (count: number): string => "x".repeat(count);
const times = (count: number, make: (index: number) => Json): Json[] =>
	Array.from({ length: count }, (_, i) => make(i));
const section = (count: number): JsonObject => ({ type: "section", text: mrkdwn(x(count)) });
const button = (more: JsonObject = {}): JsonObject => ({ type: "button", text: plain("Stop"), ...more });
const actions = (...elements: Json[]): JsonObject => ({ type: "actions", elements });
const markdown = (count: number): JsonObject => ({ type: "markdown", text: x(count) });
const task = (more: JsonObject = {}): JsonObject => ({ type: "task_card", task_id: "a", title: "Agent A", ...more });
const plan = (...tasks: Json[]): JsonObject => ({ type: "plan", title: "Round 1", tasks });
const select = (count: number, more: JsonObject = {}): JsonObject => ({
	type: "static_select",
	options: times(count, (index) => ({ text: plain("o"), value: `${index}` })),
	...more,
});
const input = (label: number): JsonObject => ({
	type: "input",
	label: plain(x(label)),
	element: { type: "plain_text_input" },
});
const icon: JsonObject = { type: "icon_button", icon: "trash", text: plain("Delete") };
const table = (rows: number, cells: number): JsonObject => ({
	type: "table",
	rows: times(rows, () => times(cells, () => ({ type: "raw_text", text: "" }))),
});

const errorOf = (blocks: readonly Json[], surface: Surface): string => blocksFault(blocks, surface)?.error ?? "ok";

test.each<[limit: string, make: (count: number) => readonly Json[], max: number, error: string, surface?: Surface]>([
	["blocks of a message", (count) => times(count, () => ({ type: "divider" })), 50, "invalid_blocks"],
	["blocks of a modal", (count) => times(count, () => ({ type: "divider" })), 100, "invalid_blocks", "modal"],
	["blocks of a home", (count) => times(count, () => ({ type: "divider" })), 100, "invalid_blocks", "home"],
	["a section's text", (count) => [section(count)], 3000, "invalid_blocks"],
	[
		"a section's fields",
		(count) => [{ type: "section", fields: times(count, () => mrkdwn("f")) }],
		10,
		"invalid_blocks",
	],
	["a field's text", (count) => [{ type: "section", fields: [mrkdwn(x(count))] }], 2000, "invalid_blocks"],
	["a header", (count) => [{ type: "header", text: plain(x(count)) }], 150, "invalid_blocks"],
	[
		"a context's elements",
		(count) => [{ type: "context", elements: times(count, () => mrkdwn("c")) }],
		10,
		"invalid_blocks",
	],
	["a context's text", (count) => [{ type: "context", elements: [mrkdwn(x(count))] }], 3000, "invalid_blocks"],
	["elements of actions", (count) => [actions(...times(count, () => button()))], 25, "invalid_blocks"],
	["a button's text", (count) => [actions(button({ text: plain(x(count)) }))], 75, "invalid_blocks"],
	["a button's value", (count) => [actions(button({ value: x(count) }))], 2000, "invalid_blocks"],
	["a button's URL", (count) => [actions(button({ url: x(count) }))], 3000, "invalid_blocks"],
	["an action_id", (count) => [actions(button({ action_id: x(count) }))], 255, "invalid_blocks"],
	["a block_id", (count) => [{ type: "divider", block_id: x(count) }], 255, "invalid_blocks"],
	["options of a select", (count) => [actions(select(count))], 100, "invalid_blocks"],
	[
		"an option's text",
		(count) => [actions({ ...select(0), options: [{ text: plain(x(count)), value: "v" }] })],
		75,
		"invalid_blocks",
	],
	[
		"an option's value",
		(count) => [actions({ ...select(0), options: [{ text: plain("o"), value: x(count) }] })],
		150,
		"invalid_blocks",
	],
	[
		"buttons for feedback",
		(count) => [{ type: "context_actions", elements: times(count, () => icon) }],
		5,
		"invalid_blocks",
	],
	[
		"an image's alternative",
		(count) => [{ type: "image", image_url: "u", alt_text: x(count) }],
		2000,
		"invalid_blocks",
	],
	["rows of a data table", (count) => [{ ...table(count, 2), type: "data_table" }], 100, "invalid_blocks"],
	["a placeholder", (count) => [actions(select(1, { placeholder: plain(x(count)) }))], 150, "invalid_blocks"],
	["an input's label", (count) => [input(count)], 2000, "invalid_blocks", "modal"],
	["rows of a table", (count) => [table(count, 2)], 100, "invalid_blocks"],
	["cells of a row", (count) => [table(2, count)], 20, "invalid_blocks"],
	["a plan's title", (count) => [{ ...plan(task()), title: x(count) }], 256, "invalid_blocks"],
	["a task's title", (count) => [plan(task({ title: x(count) }))], 256, "invalid_blocks"],
	["a markdown block", (count) => [markdown(count)], 12_000, "msg_too_long"],
	["all markdown of a message", (count) => [markdown(6000), markdown(count - 6000)], 13_200, "msg_blocks_too_long"],
	[
		"all text of a message",
		(count) => [...times(4, () => section(3000)), section(count - 12_000)],
		13_200,
		"msg_blocks_too_long",
	],
])("%s: the most is let through, one more is refused", (_, make, max, error, surface = "message") => {
	expect([errorOf(make(max), surface), errorOf(make(max + 1), surface)]).toEqual(["ok", error]);
});

test.each<[rule: string, blocks: readonly Json[], messages: readonly string[], surface?: Surface]>([
	["an unknown block", [{ type: "carousel9" }], ["unsupported block type: carousel9 [json-pointer:/blocks/0/type]"]],
	["markdown in a modal", [markdown(1)], ["unsupported block type: markdown [json-pointer:/blocks/0/type]"], "modal"],
	[
		"an unknown element",
		[actions({ type: "lever" })],
		["unsupported type: lever [json-pointer:/blocks/0/elements/0/type]"],
	],
	[
		"no text",
		[{ type: "section", text: mrkdwn("") }],
		["must be more than 0 characters [json-pointer:/blocks/0/text/text]"],
	],
	["a long text", [section(3001)], ["must be less than 3001 characters [json-pointer:/blocks/0/text/text]"]],
	[
		"mrkdwn in a header",
		[{ type: "header", text: mrkdwn("h") }],
		["must be plain_text [json-pointer:/blocks/0/text/type]"],
	],
	["no actions", [actions()], ["must have at least 1 item [json-pointer:/blocks/0/elements]"]],
	[
		"an unknown style",
		[actions(button({ style: "green" }))],
		["must be primary or danger [json-pointer:/blocks/0/elements/0/style]"],
	],
	[
		"the same block_id twice",
		[
			{ type: "divider", block_id: "b" },
			{ type: "divider", block_id: "b" },
		],
		["`block_id` `b` already exists [json-pointer:/blocks]"],
	],
	[
		"the same action_id twice",
		[actions(button({ action_id: "a" }), button({ action_id: "a" }))],
		["`action_id` `a` already exists [json-pointer:/blocks]"],
	],
	["the same task_id twice", [plan(task(), task())], ["`task_id` `a` already exists [json-pointer:/blocks]"]],
	[
		"a plan beside a task",
		[plan(task()), task({ task_id: "b" })],
		["plan and task_card blocks cannot be mixed [json-pointer:/blocks]"],
	],
	[
		"a task that is `completed`",
		[plan(task({ status: "completed" }))],
		["must be one of pending, in_progress, complete, error [json-pointer:/blocks/0/tasks/0/status]"],
	],
	[
		"a task's output as text",
		[task({ output: "done" })],
		["must be a rich_text block [json-pointer:/blocks/0/output]"],
	],
	[
		"a button for feedback",
		[{ type: "context_actions", elements: [button()] }],
		["must be feedback_buttons or icon_button [json-pointer:/blocks/0/elements]"],
	],
])("%s is refused, and Slack says where", (_, blocks, messages, surface = "message") => {
	const told = messages.map((message) => `[ERROR] ${message}`);
	expect(blocksFault(blocks, surface)).toEqual({ error: "invalid_blocks", messages: told });
});

test("all that a status message is made of is let through", () => {
	const output = { type: "rich_text", elements: [{ type: "rich_text_section", elements: [] }] };
	const feedback = { positive_button: button({ value: "1" }), negative_button: button({ value: "0" }) };
	const blocks = [
		plan(
			task({ status: "complete", output }),
			...["pending", "in_progress", "error"].map((status) => task({ task_id: status, status })),
		),
		table(2, 2),
		{ type: "context", elements: [mrkdwn("round 1"), { type: "image", image_url: "u", alt_text: "a" }] },
		{ type: "section", text: mrkdwn("s"), accessory: button() },
		actions(button({ action_id: "a" }), select(2, { action_id: "b" })),
		actions(button({ action_id: "a", style: "danger" })),
		{ type: "context_actions", elements: [{ type: "feedback_buttons", action_id: "f", ...feedback }] },
	];
	expect(blocksFault(blocks, "message")).toBe(null);
});
