import { expect, test } from "vitest";
import type { Json, JsonObject } from "../../../src/std/json.ts";
import { commandProblems } from "./command-rules.ts";

const x = (count: number): string => "x".repeat(count);
const times = (count: number, make: (index: number) => Json): Json[] =>
	Array.from({ length: count }, (_, index) => make(index));
const command = (more: JsonObject = {}): JsonObject => ({ name: "ask", description: "Ask a team", ...more });
const option = (more: JsonObject = {}): JsonObject => ({ name: "question", description: "What?", type: 3, ...more });
const choice = (name: number, value: number): JsonObject => ({ name: x(name), value: x(value) });
const menu = (more: JsonObject = {}): JsonObject => ({ type: 3, name: "Ask the team", ...more });
const named = (index: number): string => `n${index}`;

const codes = (commands: Json): string[] => commandProblems(commands).map(({ code }) => code);

test.each<[limit: string, make: (count: number) => Json[], max: number]>([
	["slash commands", (count) => times(count, (index) => command({ name: named(index) })), 100],
	["commands of a message's menu", (count) => times(count, (index) => menu({ name: named(index) })), 5],
	["commands of a person's menu", (count) => times(count, (index) => menu({ type: 2, name: named(index) })), 5],
	["a command's name", (count) => [command({ name: x(count) })], 32],
	["a menu command's name", (count) => [menu({ name: x(count) })], 32],
	["a command's description", (count) => [command({ description: x(count) })], 100],
	["options", (count) => [command({ options: times(count, (index) => option({ name: named(index) })) })], 25],
	["an option's name", (count) => [command({ options: [option({ name: x(count) })] })], 32],
	["an option's description", (count) => [command({ options: [option({ description: x(count) })] })], 100],
	["choices", (count) => [command({ options: [option({ choices: times(count, () => choice(1, 1)) })] })], 25],
	["a choice's name", (count) => [command({ options: [option({ choices: [choice(count, 1)] })] })], 100],
	["a choice's value", (count) => [command({ options: [option({ choices: [choice(1, count)] })] })], 100],
	["an option's length", (count) => [command({ options: [option({ max_length: count })] })], 6000],
	["all text of a command", (count) => [withText(count)], 8000],
])("%s: the most is let through, one more is refused", (_, make, max) => {
	expect([codes(make(max)).length, codes(make(max + 1)).length]).toEqual([0, 1]);
});

/** A command that says exactly this much, each part within its own limit. */
function withText(total: number): JsonObject {
	const options = times(2, (index) =>
		option({ name: named(index), description: x(100), choices: times(19, () => choice(100, 100)) }),
	);
	const rest = total - 2 * (2 + 100 + 19 * 200) - "ask".length - 2;
	return command({ description: x(100), options: [...options, option({ name: "zz", description: x(rest - 100) })] });
}

test.each<[rule: string, commands: Json, codes: readonly string[]]>([
	["what is no list", {}, ["BASE_TYPE_REQUIRED"]],
	["a name in capitals", [command({ name: "Ask" })], ["APPLICATION_COMMAND_INVALID_NAME"]],
	["a name with a space", [command({ name: "ask me" })], ["APPLICATION_COMMAND_INVALID_NAME"]],
	["no description", [{ name: "ask" }], ["BASE_TYPE_BAD_LENGTH"]],
	["a description in a menu", [menu({ description: "a" })], ["BASE_TYPE_BAD_LENGTH"]],
	["options in a menu", [menu({ options: [option()] })], ["BASE_TYPE_BAD_LENGTH"]],
	["the same name twice", [command(), command()], ["APPLICATION_COMMANDS_DUPLICATE_NAME"]],
	["an option without a type", [command({ options: [{ name: "a", description: "a" }] })], ["BASE_TYPE_REQUIRED"]],
	[
		"a needed option after others",
		[command({ options: [option(), option({ name: "b", required: true })] })],
		["APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID"],
	],
	[
		"choices that are completed",
		[command({ options: [option({ autocomplete: true, choices: [choice(1, 1)] })] })],
		["BASE_TYPE_BAD_LENGTH"],
	],
])("%s is refused", (_, commands, expected) => {
	expect(codes(commands)).toEqual(expected);
});

test("the same name may be a command and stand in a menu", () => {
	const options = [option({ required: true }), option({ name: "file", type: 11 })];
	expect(codes([command({ options }), menu({ name: "ask" })])).toEqual([]);
});
