import { isJsonObject, type Json, type JsonObject } from "../../../src/std/json.ts";
import { badLength, required, tooLong, type Problem } from "./discord-errors.ts";
import { discordLimits as limits } from "./discord-limits.ts";
import { listOf } from "./message-rules.ts";

/** What is wrong with all commands of an application, which are overwritten at once. */
export function commandProblems(commands: Json): Problem[] {
	if (!Array.isArray(commands)) return [required("0")];
	const list = commands.filter(isJsonObject);
	const count = (type: number) => list.filter((command) => (command["type"] ?? 1) === type).length;
	const names = list.map((command) => `${String(command["type"] ?? 1)} ${String(command["name"])}`);
	const twice = names.findIndex((name, index) => names.indexOf(name) !== index);
	const message = "Application command names must be unique";
	return [
		...list.flatMap((command, index) => problemsOf(command, String(index))),
		...(count(1) > limits.commandsMax ? [badLength("_", 0, limits.commandsMax)] : []),
		...[2, 3].flatMap((type) =>
			count(type) > limits.menuCommandsMax ? [badLength("_", 0, limits.menuCommandsMax)] : [],
		),
		...(twice === -1 ? [] : [{ at: `${twice}.name`, code: "APPLICATION_COMMANDS_DUPLICATE_NAME", message }]),
	];
}

const slashName = /^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$/u;

function problemsOf(command: JsonObject, at: string): Problem[] {
	const isMenu = command["type"] === 2 || command["type"] === 3;
	const total = lengthOf(command);
	return [
		...(isMenu ? menuProblems(command, at) : slashProblems(command, at)),
		...(total > limits.commandCharsMax ? [tooLong(at, limits.commandCharsMax)] : []),
	];
}

function menuProblems({ name, description, options }: JsonObject, at: string): Problem[] {
	const length = typeof name === "string" ? name.length : 0;
	return [
		...(length < 1 || length > limits.commandNameCharsMax
			? [badLength(`${at}.name`, 1, limits.commandNameCharsMax)]
			: []),
		...((description ?? "") === "" ? [] : [badLength(`${at}.description`, 0, 0)]),
		...(listOf(options).length === 0 ? [] : [badLength(`${at}.options`, 0, 0)]),
	];
}

function slashProblems(entry: JsonObject, at: string): Problem[] {
	const options = listOf(entry["options"]).filter(isJsonObject);
	const lateRequired = options.findIndex(
		(option, index) =>
			option["required"] === true && options[index - 1] !== undefined && options[index - 1]!["required"] !== true,
	);
	const message = "Required options must be placed before non-required options";
	return [
		...named(entry, at),
		...(options.length > limits.commandOptionsMax ? [badLength(`${at}.options`, 0, limits.commandOptionsMax)] : []),
		...options.flatMap((option, index) => optionProblems(option, `${at}.options.${index}`)),
		...(lateRequired === -1
			? []
			: [{ at: `${at}.options.${lateRequired}`, code: "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", message }]),
	];
}

function optionProblems(option: JsonObject, at: string): Problem[] {
	const { type, autocomplete } = option;
	const choices = listOf(option["choices"]).filter(isJsonObject);
	const longest = Math.max(Number(option["max_length"] ?? 1), Number(option["min_length"] ?? 0));
	const long = choices.some((choice) =>
		[choice["name"], choice["value"]].some((part) => String(part).length > limits.optionCharsMax),
	);
	const message = "Must be between 0 and 6000";
	return [
		...(Number.isInteger(type) ? [] : [required(`${at}.type`)]),
		...slashProblems(option, at),
		...(choices.length > limits.choicesMax ? [badLength(`${at}.choices`, 0, limits.choicesMax)] : []),
		...(long ? [badLength(`${at}.choices`, 1, limits.optionCharsMax)] : []),
		...(choices.length > 0 && autocomplete === true ? [badLength(`${at}.choices`, 0, 0)] : []),
		...(longest > limits.optionLengthMax ? [{ at: `${at}.max_length`, code: "NUMBER_TYPE_MAX", message }] : []),
	];
}

function named({ name, description }: JsonObject, at: string): Problem[] {
	const isGood = typeof name === "string" && slashName.test(name) && name === name.toLowerCase();
	const length = typeof description === "string" ? description.length : 0;
	const max = limits.commandDescriptionCharsMax;
	const message = "Command name is invalid";
	return [
		...(isGood ? [] : [{ at: `${at}.name`, code: "APPLICATION_COMMAND_INVALID_NAME", message }]),
		...(length < 1 || length > max ? [badLength(`${at}.description`, 1, max)] : []),
	];
}

/** All that a command says: its own names and descriptions, its options', and their choices. */
function lengthOf(entry: JsonObject): number {
	const own = ["name", "description"].map((key) => String(entry[key] ?? "").length);
	const inner = listOf(entry["options"]).filter(isJsonObject).map(lengthOf);
	const choices = listOf(entry["choices"])
		.filter(isJsonObject)
		.map((choice) => String(choice["name"]).length + String(choice["value"]).length);
	return [...own, ...inner, ...choices].reduce((sum, length) => sum + length, 0);
}
