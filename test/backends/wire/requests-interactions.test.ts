import { expect, test } from "vitest";
import type { Attachment, Message, ModelRequest, ToolSpec } from "../../../src/backends/backend.ts";
import type { JsonObject } from "../../../src/std/json.ts";
import { fieldsOf, sentBody } from "../../support/sent-body.ts";

/** What Gemini is sent for a call that it is to keep: https://ai.google.dev/api/interactions-api */

const model = "gemini-3.1-pro-preview";
const look: ToolSpec = { name: "look", description: "Looks.", parameters: { type: "object", properties: {} } };
const png: Attachment = { name: "sky.png", mediaType: "image/png", base64: "aVZC" };
const pdf: Attachment = { name: "sea.pdf", mediaType: "application/pdf", base64: "JVBE" };
const note: Attachment = { name: "note.txt", mediaType: "text/plain", base64: "Ymx1ZQ==" };
const schema = { type: "object", properties: { colour: { type: "string" } } } as const;

const sent = (changes: Partial<ModelRequest>): Promise<JsonObject> =>
	sentBody("gemini", { model, resumable: true, ...changes });

const plain = {
	model,
	system_instruction: "Be brief.",
	input: [{ type: "user_input", content: [{ type: "text", text: "What is 6 times 7?" }] }],
	generation_config: { max_output_tokens: 1000, thinking_summaries: "auto" },
	stream: true,
	background: true,
	store: true,
};

const { system_instruction: _system, ...withoutSystem } = plain;

test.each<[string, Partial<ModelRequest>, JsonObject]>([
	["a question is a step", {}, plain],
	["an empty system prompt is left out", { system: "" }, withoutSystem],
	[
		"tools of ours stand before the provider's own, in one order",
		{ tools: [look], serverTools: ["web_fetch", "code_execution", "web_search"] },
		{
			...plain,
			tools: [
				{ type: "function", ...look },
				{ type: "google_search" },
				{ type: "code_execution" },
				{ type: "url_context" },
			],
		},
	],
	[
		"an answer of a form is asked for as JSON",
		{ output: { name: "colour", schema } },
		{ ...plain, response_format: { type: "text", mime_type: "application/json", schema } },
	],
	[
		"params in the words of the other protocol are said in those of this one",
		{
			params: {
				temperature: 0.5,
				topP: 0.9,
				seed: 7,
				stopSequences: ["."],
				maxOutputTokens: 90,
				thinkingConfig: { thinkingLevel: "LOW", includeThoughts: false },
				store: true,
			},
		},
		{
			...plain,
			generation_config: {
				max_output_tokens: 90,
				temperature: 0.5,
				top_p: 0.9,
				seed: 7,
				stop_sequences: ["."],
				thinking_level: "low",
				thinking_summaries: "none",
			},
		},
	],
	[
		"an older model is not asked for its thoughts",
		{ model: "gemini-2.5-flash" },
		{ ...plain, model: "gemini-2.5-flash", generation_config: { max_output_tokens: 1000 } },
	],
	[
		"nor for tools that it does not take beside ours",
		{ model: "gemini-2.5-flash", serverTools: ["web_search"] },
		{ ...plain, model: "gemini-2.5-flash", generation_config: { max_output_tokens: 1000 } },
	],
])("%s", async (_, changes, expected) => {
	expect(await sent(changes)).toEqual(expected);
});

const steps: readonly JsonObject[] = [
	{ type: "thought", signature: "c2ln", summary: [{ type: "text", text: "Look up." }] },
	{ type: "model_output", content: [{ type: "text", text: "Looking." }] },
	{ type: "google_search_call", id: "s1", signature: "c2ln", arguments: { queries: ["sky"] } },
	{ type: "function_call", id: "fn_1", name: "look", arguments: { z: 1, a: [] } },
];
const parts: readonly JsonObject[] = [
	{ text: "Looking." },
	{ functionCall: { id: "fn_1", name: "look", args: { z: 1, a: [] } }, thoughtSignature: "c2ln" },
];

/** A round in which a tool was called, and its result came back. */
function round(echo: readonly JsonObject[], changes: { text?: string; ok?: boolean } = {}): readonly Message[] {
	const { text = "Looking.", ok = true } = changes;
	const call = { id: "fn_1", name: "look", arguments: { z: 1, a: [] } };
	return [
		{ role: "user", text: "Look." },
		{ role: "assistant", text, toolCalls: [call], echo },
		{ role: "tool", results: [{ id: "fn_1", name: "look", text: "blue", ok }] },
	];
}

const asked = { type: "user_input", content: [{ type: "text", text: "Look." }] };
const said = { type: "model_output", content: [{ type: "text", text: "Looking." }] };
const called = { type: "function_call", id: "fn_1", name: "look", arguments: { z: 1, a: [] } };
const result = { type: "function_result", call_id: "fn_1", name: "look", result: "blue" };

test.each<[string, readonly Message[], readonly JsonObject[]]>([
	["steps go back as they came", round(steps), [asked, ...steps, result]],
	["a turn of the other protocol is told anew", round(parts), [asked, said, called, result]],
	["a turn of another model is told anew", round([]), [asked, said, called, result]],
	["a turn without words has none", round([], { text: "" }), [asked, called, result]],
	["a tool that failed says so", round(steps, { ok: false }), [asked, ...steps, { ...result, is_error: true }]],
	[
		"a turn of words alone stands, though they be none",
		[{ role: "assistant", text: "", toolCalls: [], echo: [] }],
		[{ type: "model_output", content: [{ type: "text", text: "" }] }],
	],
	[
		"attachments stand before their text",
		[{ role: "user", text: "What is it?", attachments: [png, pdf, note] }],
		[
			{
				type: "user_input",
				content: [
					{ type: "image", mime_type: "image/png", data: "aVZC" },
					{ type: "document", mime_type: "application/pdf", data: "JVBE" },
					{ type: "text", text: '<attachment name="note.txt">\nblue\n</attachment>' },
					{ type: "text", text: "What is it?" },
				],
			},
		],
	],
	[
		"attachments need no text",
		[{ role: "user", text: "", attachments: [png] }],
		[{ type: "user_input", content: [{ type: "image", mime_type: "image/png", data: "aVZC" }] }],
	],
])("%s", async (_, messages, expected) => {
	expect(fieldsOf(await sent({ messages }), ["input"])).toEqual({ input: expected });
});

test("the other protocol is not sent steps either: the turn is told anew, and signed for it", async () => {
	const body = await sentBody("gemini", { model, messages: round(steps) });
	expect(fieldsOf(body, ["contents"])).toEqual({
		contents: [
			{ role: "user", parts: [{ text: "Look." }] },
			{
				role: "model",
				parts: [
					{ text: "Looking." },
					{
						functionCall: { name: "look", args: { z: 1, a: [] } },
						thoughtSignature: "skip_thought_signature_validator",
					},
				],
			},
			{ role: "user", parts: [{ functionResponse: { name: "look", response: { output: "blue" } } }] },
		],
	});
});

test.each<[string, JsonObject]>([
	["a budget of thinking", { thinkingConfig: { thinkingBudget: 100 } }],
	["a level that is no word", { thinkingConfig: { thinkingLevel: 3 } }],
	["thinking of another form", { thinkingConfig: true }],
	["what stands at the top of the body", { labels: { team: "a" } }],
	["what nobody knows", { topK: 3 }],
])("%s cannot be said there, so the other protocol is used", async (_, params) => {
	const body = await sent({ params });
	expect([body["contents"] !== undefined, body["background"]]).toEqual([true, undefined]);
});
