import { expect, test } from "vitest";
import type { ModelEvent } from "../../../src/backends/backend.ts";
import type { WireName } from "../../../src/backends/wire/wire.ts";
import type { JsonObject } from "../../../src/std/json.ts";
import { fed, streamed } from "./feed.ts";

const whole = (wire: WireName, body: JsonObject): readonly ModelEvent[] => fed(wire, streamed(JSON.stringify(body)));

function resultOf(block: JsonObject): readonly ModelEvent[] {
	const events = whole("anthropic-messages", { type: "message", content: [block] });
	return events.filter(({ type }) => type === "server_tool_result");
}

test.each<[string, JsonObject, readonly [name: string, ok: boolean, text: string]]>([
	["an MCP tool that failed", { type: "mcp_tool_result", is_error: true, content: "No" }, ["mcp", false, "No"]],
	[
		"a program that failed",
		{
			type: "bash_code_execution_tool_result",
			content: { type: "bash_code_execution_result", stdout: "", stderr: "no such file", return_code: 1 },
		},
		["bash_code_execution", false, "no such file\nexit code 1"],
	],
	[
		"a page that was fetched",
		{
			type: "web_fetch_tool_result",
			content: { type: "web_fetch_result", url: "https://a.example", content: { type: "document", title: "A" } },
		},
		["web_fetch", true, "https://a.example"],
	],
	[
		"a file that was shown",
		{
			type: "text_editor_code_execution_tool_result",
			content: { type: "text_editor_code_execution_view_result", file_type: "text", content: "line" },
		},
		["text_editor_code_execution", true, "line"],
	],
	[
		"what an adviser said",
		{ type: "advisor_tool_result", content: { type: "advisor_result", text: "Go on", stop_reason: null } },
		["advisor", true, "Go on"],
	],
	[
		"output that is encrypted",
		{
			type: "code_execution_tool_result",
			content: { type: "encrypted_code_execution_result", encrypted_stdout: "ZW5j", stderr: "", return_code: 0 },
		},
		["code_execution", true, ""],
	],
])("Anthropic: %s", (_, block, [name, ok, text]) => {
	expect(resultOf(block)).toEqual([{ type: "server_tool_result", name, ok, text }]);
});

function imagesOf(wire: WireName, body: JsonObject): readonly string[] {
	return whole(wire, body).flatMap((event) => (event.type === "image" ? [`${event.mediaType} ${event.base64}`] : []));
}

const generated = (result: string, more: JsonObject = {}): JsonObject => ({
	object: "response",
	status: "completed",
	output: [{ type: "image_generation_call", id: "ig", result, ...more }],
});
const inline = (mimeType: string): JsonObject => ({
	candidates: [{ content: { parts: [{ inlineData: { mimeType, data: "AA==" } }] }, finishReason: "STOP" }],
});
const shown = (url: string): JsonObject => ({
	object: "chat.completion",
	choices: [{ message: { images: [{ type: "image_url", image_url: { url } }] }, finish_reason: "stop" }],
});

test.each<[string, WireName, JsonObject, readonly string[]]>([
	[
		"a picture says its format",
		"openai-responses",
		generated("AA==", { output_format: "jpeg" }),
		["image/jpeg AA=="],
	],
	["or shows it: WebP", "openai-responses", generated("UklGRg=="), ["image/webp UklGRg=="]],
	["or shows it: JPEG", "openai-responses", generated("/9j/4A=="), ["image/jpeg /9j/4A=="]],
	["or shows it: GIF", "openai-responses", generated("R0lGODlh"), ["image/gif R0lGODlh"]],
	["else it is a PNG", "openai-responses", generated("iVBORw0K"), ["image/png iVBORw0K"]],
	["a picture that failed is none", "openai-responses", generated(""), []],
	["sound is no picture", "gemini-generate", inline("audio/wav"), []],
	["a picture in the answer", "gemini-generate", inline("image/webp"), ["image/webp AA=="]],
	["a picture as a URL", "openai-chat", shown("data:image/gif;base64,AA=="), ["image/gif AA=="]],
	["a picture by the name that JPEG has not", "gemini-generate", inline("image/jpg"), ["image/jpeg AA=="]],
	["and in capitals", "openai-responses", generated("AA==", { output_format: "JPG" }), ["image/jpeg AA=="]],
	["a type with parameters", "openai-chat", shown("data:image/png;name=a.png;base64,AA=="), ["image/png AA=="]],
	["a picture elsewhere is passed over", "openai-chat", shown("https://a.example/a.png"), []],
	["so is one that is not in base64", "openai-chat", shown("data:image/svg+xml,<svg/>"), []],
])("%s", (_, wire, body, expected) => {
	expect(imagesOf(wire, body)).toEqual(expected);
});

test.each(["response.reasoning.delta", "response.reasoning_summary.delta", "response.reasoning_text.delta"])(
	"%s is reasoning, on servers that send no item for it",
	(type) => {
		const events = fed(
			"openai-responses",
			streamed({ type, delta: "Hm" }, { type: "response.completed", response: {} }),
		);
		expect(events).toEqual([
			{ type: "reasoning", text: "Hm" },
			{ type: "end", stop: "end" },
		]);
	},
);

test.each<[string, JsonObject, readonly [string, JsonObject] | null]>([
	[
		"a shell at the caller's",
		{ type: "shell_call", environment: { type: "local" }, action: { commands: ["ls"] } },
		["shell", { commands: ["ls"] }],
	],
	[
		"a shell that names no place",
		{ type: "shell_call", action: { commands: ["ls"] } },
		["shell", { commands: ["ls"] }],
	],
	["a shell in a container", { type: "shell_call", environment: { type: "container_reference" }, action: {} }, null],
	[
		"a patch",
		{ type: "apply_patch_call", operation: { type: "delete_file", path: "a" } },
		["apply_patch", { type: "delete_file", path: "a" }],
	],
	["a click", { type: "computer_call", action: { type: "click", x: 1 } }, ["computer", { type: "click", x: 1 }]],
	["a search for tools", { type: "tool_search_call", execution: "server", arguments: {} }, null],
	["a call that nobody has heard of", { type: "unheard_call", arguments: {} }, null],
])("OpenAI: %s, ours to run or not", (_, item, expected) => {
	const body = { object: "response", status: "completed", output: [{ id: "i", call_id: "c", ...item }] };
	const calls = whole("openai-responses", body).flatMap((event) => (event.type === "tool_call" ? [event.call] : []));
	const wanted = expected === null ? [] : [{ id: "c", name: expected[0], arguments: expected[1] }];
	expect(calls).toEqual(wanted);
});
