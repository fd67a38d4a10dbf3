import { expect, test } from "vitest";
import { hosts } from "../../../src/backends/hosts.ts";
import { paramsProblem } from "../../../src/backends/params.ts";
import { isStrictSchema, strictDepthMax } from "../../../src/backends/wire/strict-schema.ts";
import type { JsonObject } from "../../../src/std/json.ts";
import { specOf } from "../../support/fake-hosts.ts";
import { fieldsOf, sentBody, sentBy } from "../../support/sent-body.ts";

/** Answers that are JSON of a schema, and the params that stand beside what asks for them. */

const closed: JsonObject = {
	type: "object",
	properties: { city: { type: "string" }, people: { type: "integer" } },
	required: ["city", "people"],
	additionalProperties: false,
};
const open: JsonObject = {
	type: "object",
	properties: { city: { type: "string", maxLength: 9 }, tags: { type: "array", items: { type: "object" } } },
	required: ["city"],
};

const fields = ["output_config", "text", "response_format", "generationConfig", "reasoning", "thinking", "temperature"];

type Row = readonly [title: string, backend: string, schema: JsonObject, params: JsonObject, expected: JsonObject];

test.each<Row>([
	[
		"Claude is asked for a format",
		"anthropic",
		closed,
		{},
		{ output_config: { format: { type: "json_schema", schema: closed } } },
	],
	[
		"Claude is asked for closed objects, and told in words what it cannot be held to",
		"anthropic",
		open,
		{},
		{
			output_config: {
				format: {
					type: "json_schema",
					schema: {
						type: "object",
						properties: {
							city: { type: "string", description: "{maxLength: 9}" },
							tags: {
								type: "array",
								items: { type: "object", properties: {}, additionalProperties: false },
							},
						},
						required: ["city"],
						additionalProperties: false,
					},
				},
			},
		},
	],
	[
		"Claude's effort stands beside the format",
		"anthropic",
		closed,
		{ output_config: { effort: "high" }, thinking: { type: "adaptive" } },
		{
			output_config: { format: { type: "json_schema", schema: closed }, effort: "high" },
			thinking: { type: "adaptive" },
		},
	],
	[
		"OpenAI is held to a schema that leaves nothing open",
		"openai",
		closed,
		{},
		{ text: { format: { type: "json_schema", name: "place", schema: closed, strict: true } } },
	],
	[
		"and only asked to follow another one",
		"openai",
		open,
		{},
		{ text: { format: { type: "json_schema", name: "place", schema: open, strict: false } } },
	],
	[
		"OpenAI's verbosity stands beside the format, and its reasoning by itself",
		"openai",
		closed,
		{ text: { verbosity: "low" }, reasoning: { effort: "high", summary: "auto" } },
		{
			text: { format: { type: "json_schema", name: "place", schema: closed, strict: true }, verbosity: "low" },
			reasoning: { effort: "high", summary: "auto" },
		},
	],
	[
		"a chat host is asked for a format",
		"groq",
		open,
		{ temperature: 0 },
		{
			response_format: { type: "json_schema", json_schema: { name: "place", schema: open } },
			temperature: 0,
		},
	],
	[
		"Gemini's format stands in its own place, beside what else is set there",
		"gemini",
		open,
		{ temperature: 0, thinkingConfig: { thinkingLevel: "low" } },
		{
			generationConfig: {
				maxOutputTokens: 1000,
				responseMimeType: "application/json",
				responseJsonSchema: open,
				temperature: 0,
				thinkingConfig: { thinkingLevel: "low" },
			},
		},
	],
])("%s", async (_, backend, schema, params, expected) => {
	const body = await sentBody(backend, { params, output: { name: "place", schema } });
	expect(fieldsOf(body, fields)).toEqual(expected);
});

test.each<[backend: string, params: JsonObject, expected: JsonObject]>([
	["anthropic", {}, {}],
	["anthropic", { output_config: { effort: "low" } }, { output_config: { effort: "low" } }],
	["openai", {}, {}],
	["openai", { text: { verbosity: "high" } }, { text: { verbosity: "high" } }],
	["groq", {}, {}],
	["gemini", {}, { generationConfig: { maxOutputTokens: 1000 } }],
])("%s with the params %j and no schema is asked for no format", async (backend, params, expected) => {
	expect(fieldsOf(await sentBody(backend, { params }), fields)).toEqual(expected);
});

test("a schema that the SDK cannot put into Claude's words is not sent", async () => {
	const schema = { type: "object", properties: { any: {} } };
	const { bodies, events } = await sentBy("anthropic", { output: { name: "place", schema } });
	expect(bodies).toEqual([]);
	expect(events.map(({ type }) => type)).toEqual(["failed", "end"]);
});

test.each<[model: string, params: JsonObject, thinking: JsonObject | undefined]>([
	["gemini-3.1-pro-preview", {}, { includeThoughts: true }],
	["gemini-10-pro", {}, { includeThoughts: true }],
	[
		"gemini-3-flash-preview",
		{ thinkingConfig: { thinkingLevel: "low" } },
		{ includeThoughts: true, thinkingLevel: "low" },
	],
	["gemini-3-flash-preview", { thinkingConfig: { includeThoughts: false } }, { includeThoughts: false }],
	["gemini-2.5-flash", {}, undefined],
	["gemini-2.5-flash", { thinkingConfig: { thinkingBudget: 0 } }, { thinkingBudget: 0 }],
])("%s with %j: thoughts are shown where they are had anyway", async (model, params, thinking) => {
	const { generationConfig } = await sentBody("gemini", { model, params });
	expect(generationConfig).toEqual({
		maxOutputTokens: 1000,
		...(thinking === undefined ? {} : { thinkingConfig: thinking }),
	});
});

test("OpenAI is not asked for summaries unasked, which it refuses to an organization that is not verified", async () => {
	const body = await sentBody("openai", { model: "gpt-5.5" });
	expect(fieldsOf(body, ["reasoning", "temperature"])).toEqual({});
});

test.each<[backend: keyof typeof hosts, params: JsonObject, path: string | null]>([
	["anthropic", { output_config: { effort: "max" } }, null],
	["anthropic", { output_config: { effort: "max", format: null } }, "output_config.format"],
	["anthropic", { output_format: {} }, "output_format"],
	["openai", { text: { verbosity: "low" }, reasoning: { effort: "none" } }, null],
	["openai", { text: { format: { type: "json_object" } } }, "text.format"],
	["xai", { text: { format: { type: "text" } } }, "text.format"],
	["groq", { response_format: { type: "json_object" } }, "response_format"],
	["groq", { functions: [] }, "functions"],
	["groq", { function_call: "auto" }, "function_call"],
	["groq", { text: { format: 1 }, output_config: { format: 1 } }, null],
	["gemini", { responseMimeType: "application/json" }, "responseMimeType"],
	["gemini", { responseSchema: {} }, "responseSchema"],
	["gemini", { responseJsonSchema: {} }, "responseJsonSchema"],
	["gemini", { thinkingConfig: { includeThoughts: true } }, null],
])("%s with the params %j: neither the form of an answer nor its tools are params", (backend, params, name) => {
	const problem = { path: `params.${name}`, message: `${name} is set by the team itself and cannot be a param` };
	expect(paramsProblem(hosts[backend], specOf(backend, params))).toEqual(name === null ? null : problem);
});

test.each<[params: JsonObject, message: string | null]>([
	[{ max_tokens: 2000, thinking: { type: "enabled", budget_tokens: 1999 } }, null],
	[{ max_tokens: 2000, thinking: { type: "enabled", budget_tokens: 2000 } }, "2000"],
	[{ max_tokens: 2000, thinking: { type: "enabled", budget_tokens: 2001 } }, "2000"],
	[{ max_tokens: 2000, thinking: { type: "adaptive" } }, null],
])("Claude with %j: thinking leaves something to say", (params, bound) => {
	const path = "params.thinking.budget_tokens";
	const message = `budget_tokens must stay below max_tokens, which is ${bound}`;
	expect(paramsProblem(hosts.anthropic, specOf("anthropic", params))).toEqual(
		bound === null ? null : { path, message },
	);
});

const object = (properties: JsonObject, more: JsonObject = {}): JsonObject => ({
	type: "object",
	properties,
	required: Object.keys(properties),
	additionalProperties: false,
	...more,
});
const nested = (depth: number): JsonObject => (depth === 1 ? object({}) : object({ inner: nested(depth - 1) }));

test.each<[title: string, schema: JsonObject, expected: boolean]>([
	["a closed object all of whose keys are required", closed, true],
	["an object without a key", object({}), true],
	["an open object", object({}, { additionalProperties: true }), false],
	["an object of which nothing is said", { type: "object" }, false],
	["a key that is not required", object({ a: { type: "string" } }, { required: [] }), false],
	["a key without any requirement", { ...object({ a: { type: "string" } }), required: null }, false],
	["an open object in a list", object({ a: { type: "array", items: open } }), false],
	["a closed one in a list", object({ a: { type: "array", items: closed } }), true],
	["an open object among others", object({ a: { anyOf: [{ type: "null" }, open] } }), false],
	["an object or nothing, open", object({ a: { type: ["object", "null"] } }), false],
	["an open object among the definitions", object({ a: { $ref: "#/$defs/b" } }, { $defs: { b: open } }), false],
	["a closed one there", object({ a: { $ref: "#/$defs/b" } }, { $defs: { b: closed } }), true],
	["a word that strict mode refuses", object({ a: { type: "string", maxLength: 3 } }), false],
	["words that it takes", object({ a: { type: "integer", minimum: 1, maximum: 3, description: "x" } }), true],
	["a list at the root", { type: "array", items: closed }, false],
	["a key whose schema is true", object({ a: true }), false],
	["as deep as may be", nested(strictDepthMax), true],
	["one deeper", nested(strictDepthMax + 1), false],
])("strict: %s", (_, schema, expected) => {
	expect(isStrictSchema(schema)).toBe(expected);
});
