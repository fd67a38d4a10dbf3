import { isJsonObject, type Json, type JsonObject } from "../../../src/std/json.ts";
import { slackLimits as limits, taskStatuses } from "./slack-limits.ts";

export type Surface = "message" | "modal" | "home";

/** Slack's word for what is wrong, and where in the blocks. */
export type BlocksFault = { readonly error: string; readonly messages: readonly string[] };

/** What Slack would refuse these blocks for, or null. */
export function blocksFault(blocks: Json | undefined, surface: Surface): BlocksFault | null {
	if (blocks === undefined || blocks === null) return null;
	if (!Array.isArray(blocks) || !blocks.every(isJsonObject))
		return invalid(["must be an array [json-pointer:/blocks]"]);
	const found = blocks.flatMap((block, index) => problemsOf(block, `/blocks/${index}`, surface));
	const max = surface === "message" ? limits.blocksPerMessageMax : limits.blocksPerViewMax;
	if (blocks.length > max) found.push(`no more than ${max} items allowed [json-pointer:/blocks]`);
	found.push(
		...repeated(blocks, "block_id", "block_id"),
		...blocks.flatMap((block) => repeated(elementsOf(block), "action_id", "action_id")),
	);
	if (found.length > 0) return invalid(found);
	if (surface !== "message") return null;
	return messageFault(blocks);
}

/** All text of blocks, as it counts against the ceiling of a message. */
function blockTexts(value: Json): string[] {
	if (Array.isArray(value)) return value.flatMap(blockTexts);
	if (!isJsonObject(value)) return [];
	return Object.entries(value).flatMap(([name, inner]) =>
		typeof inner === "string" && shownKeys.has(name) ? [inner] : blockTexts(inner),
	);
}

const shownKeys = new Set(["text", "title", "alt_text", "markdown_text"]);

function messageFault(blocks: readonly JsonObject[]): BlocksFault | null {
	const types = new Set(blocks.map((block) => block["type"]));
	if (types.has("plan") && types.has("task_card"))
		return invalid(["plan and task_card blocks cannot be mixed [json-pointer:/blocks]"]);
	const longest = Math.max(0, ...blocks.map((block) => (block["type"] === "markdown" ? lengthOf(block["text"]) : 0)));
	if (longest > limits.markdownCharsMax) return { error: "msg_too_long", messages: [] };
	const total = blockTexts(blocks).reduce((sum, text) => sum + text.length, 0);
	return total > limits.messageBlocksCharsMax ? { error: "msg_blocks_too_long", messages: [] } : null;
}

function invalid(found: readonly string[]): BlocksFault {
	return { error: "invalid_blocks", messages: found.map((problem) => `[ERROR] ${problem}`) };
}

type Check = (block: JsonObject, at: string) => string[];

const blockChecks: Readonly<Record<string, { readonly on: readonly Surface[]; readonly check: Check }>> = {
	section: { on: ["message", "modal", "home"], check: section },
	header: { on: ["message", "modal", "home"], check: header },
	divider: { on: ["message", "modal", "home"], check: () => [] },
	image: { on: ["message", "modal", "home"], check: (block, at) => needed(block, ["alt_text"], at) },
	context: { on: ["message", "modal", "home"], check: context },
	actions: { on: ["message", "modal", "home"], check: actions },
	context_actions: { on: ["message"], check: contextActions },
	input: { on: ["message", "modal", "home"], check: input },
	rich_text: {
		on: ["message", "modal", "home"],
		check: (block, at) => listed(block, "elements", Number.POSITIVE_INFINITY, at),
	},
	markdown: { on: ["message"], check: (block, at) => textOf(block, "text", Number.POSITIVE_INFINITY, at) },
	table: { on: ["message"], check: table },
	data_table: { on: ["message"], check: table },
	plan: { on: ["message"], check: plan },
	task_card: { on: ["message"], check: taskCard },
};

function problemsOf(block: JsonObject, at: string, surface: Surface): string[] {
	const known = blockChecks[String(block["type"])];
	if (known === undefined || !known.on.includes(surface))
		return [`unsupported block type: ${String(block["type"])} [json-pointer:${at}/type]`];
	return [...known.check(block, at), ...shorter(block, "block_id", limits.blockIdCharsMax, at)];
}

function section(block: JsonObject, at: string): string[] {
	const { text, fields, accessory } = block;
	if (text === undefined && fields === undefined) return [`must have text or fields [json-pointer:${at}]`];
	return [
		...(text === undefined ? [] : composed(text, limits.sectionCharsMax, `${at}/text`)),
		...(fields === undefined ? [] : listed(block, "fields", limits.sectionFieldsMax, at)),
		...itemsOf(fields).flatMap((field, index) => composed(field, limits.fieldCharsMax, `${at}/fields/${index}`)),
		...(isJsonObject(accessory) ? element(accessory, `${at}/accessory`) : []),
	];
}

function header(block: JsonObject, at: string): string[] {
	return plain(block["text"], limits.headerCharsMax, `${at}/text`);
}

function context(block: JsonObject, at: string): string[] {
	return [
		...listed(block, "elements", limits.contextElementsMax, at),
		...itemsOf(block["elements"]).flatMap((item, index) =>
			isJsonObject(item) && item["type"] === "image"
				? needed(item, ["alt_text"], `${at}/elements/${index}`)
				: composed(item, limits.contextCharsMax, `${at}/elements/${index}`),
		),
	];
}

function actions(block: JsonObject, at: string): string[] {
	return [...listed(block, "elements", limits.actionsElementsMax, at), ...elements(block, at)];
}

function contextActions(block: JsonObject, at: string): string[] {
	const kinds = itemsOf(block["elements"]).map((item) => (isJsonObject(item) ? item["type"] : null));
	const odd = kinds.some((kind) => kind !== "feedback_buttons" && kind !== "icon_button");
	return [
		...listed(block, "elements", limits.contextActionsMax, at),
		...(odd ? [`must be feedback_buttons or icon_button [json-pointer:${at}/elements]`] : elements(block, at)),
	];
}

function input(block: JsonObject, at: string): string[] {
	const inner = block["element"];
	return [
		...plain(block["label"], limits.labelCharsMax, `${at}/label`),
		...(isJsonObject(inner)
			? element(inner, `${at}/element`)
			: [`missing required field: element [json-pointer:${at}]`]),
	];
}

function table(block: JsonObject, at: string): string[] {
	const wide = itemsOf(block["rows"]).some((row) => itemsOf(row).length > limits.tableCellsMax);
	return [
		...listed(block, "rows", limits.tableRowsMax, at),
		...(wide ? [`no more than ${limits.tableCellsMax} items allowed [json-pointer:${at}/rows]`] : []),
	];
}

function plan(block: JsonObject, at: string): string[] {
	return [
		...textOf(block, "title", limits.planTitleCharsMax, at),
		...itemsOf(block["tasks"]).flatMap((task, index) =>
			isJsonObject(task) && (task["type"] ?? "task_card") === "task_card"
				? taskCard(task, `${at}/tasks/${index}`)
				: [`must be a task_card [json-pointer:${at}/tasks/${index}]`],
		),
		...repeated(itemsOf(block["tasks"]).filter(isJsonObject), "task_id", "task_id"),
	];
}

function taskCard(card: JsonObject, at: string): string[] {
	const status = card["status"];
	const known = status === undefined || taskStatuses.includes(String(status));
	const loose = ["details", "output"].filter(
		(name) => card[name] !== undefined && !(isJsonObject(card[name]) && card[name]["type"] === "rich_text"),
	);
	return [
		...textOf(card, "task_id", limits.actionIdCharsMax, at),
		...textOf(card, "title", limits.taskTitleCharsMax, at),
		...(known ? [] : [`must be one of ${taskStatuses.join(", ")} [json-pointer:${at}/status]`]),
		...loose.map((name) => `must be a rich_text block [json-pointer:${at}/${name}]`),
	];
}

const elementChecks: Readonly<Record<string, Check>> = {
	button,
	icon_button: (item, at) => plain(item["text"], limits.buttonTextCharsMax, `${at}/text`),
	feedback_buttons: (item, at) =>
		["positive_button", "negative_button"].flatMap((side) => {
			const half = item[side];
			return isJsonObject(half)
				? button(half, `${at}/${side}`)
				: [`missing required field: ${side} [json-pointer:${at}]`];
		}),
	overflow: options,
	static_select: options,
	multi_static_select: options,
	radio_buttons: options,
	checkboxes: options,
	plain_text_input: () => [],
	number_input: () => [],
	url_text_input: () => [],
	email_text_input: () => [],
	users_select: () => [],
	multi_users_select: () => [],
	conversations_select: () => [],
	multi_conversations_select: () => [],
	channels_select: () => [],
	multi_channels_select: () => [],
	external_select: () => [],
	datepicker: () => [],
	timepicker: () => [],
	datetimepicker: () => [],
	file_input: () => [],
	rich_text_input: () => [],
	image: (item, at) => needed(item, ["alt_text"], at),
};

function elements(block: JsonObject, at: string): string[] {
	return itemsOf(block["elements"]).flatMap((item, index) =>
		isJsonObject(item)
			? element(item, `${at}/elements/${index}`)
			: [`must be an object [json-pointer:${at}/elements/${index}]`],
	);
}

function element(item: JsonObject, at: string): string[] {
	const check = elementChecks[String(item["type"])];
	if (check === undefined) return [`unsupported type: ${String(item["type"])} [json-pointer:${at}/type]`];
	const placeholder = item["placeholder"];
	return [
		...check(item, at),
		...shorter(item, "action_id", limits.actionIdCharsMax, at),
		...(placeholder === undefined ? [] : plain(placeholder, limits.placeholderCharsMax, `${at}/placeholder`)),
	];
}

function button(item: JsonObject, at: string): string[] {
	const style = item["style"];
	return [
		...plain(item["text"], limits.buttonTextCharsMax, `${at}/text`),
		...shorter(item, "value", limits.buttonValueCharsMax, at),
		...shorter(item, "url", limits.buttonUrlCharsMax, at),
		...(style === undefined || style === "primary" || style === "danger"
			? []
			: [`must be primary or danger [json-pointer:${at}/style]`]),
	];
}

function options(item: JsonObject, at: string): string[] {
	return [
		...(item["option_groups"] === undefined ? listed(item, "options", limits.optionsMax, at) : []),
		...itemsOf(item["options"]).flatMap((option, index) => {
			if (!isJsonObject(option)) return [`must be an object [json-pointer:${at}/options/${index}]`];
			return [
				...composed(option["text"], limits.optionTextCharsMax, `${at}/options/${index}/text`),
				...textOf(option, "value", limits.optionValueCharsMax, `${at}/options/${index}`),
			];
		}),
	];
}

function elementsOf(block: JsonObject): JsonObject[] {
	return [...itemsOf(block["elements"]), block["accessory"] ?? null].filter(isJsonObject);
}

/** Two of the same name: the second is refused. */
function repeated(items: readonly JsonObject[], key: string, word: string): string[] {
	const names = items.flatMap((item) => (typeof item[key] === "string" ? [item[key]] : []));
	const twice = names.filter((name, index) => names.indexOf(name) !== index);
	return twice.map((name) => `\`${word}\` \`${name}\` already exists [json-pointer:/blocks]`);
}

function plain(value: Json | undefined, max: number, at: string): string[] {
	if (isJsonObject(value) && value["type"] !== "plain_text") return [`must be plain_text [json-pointer:${at}/type]`];
	return composed(value, max, at);
}

/** A text object. */
function composed(value: Json | undefined, max: number, at: string): string[] {
	if (!isJsonObject(value)) return [`missing required text object [json-pointer:${at}]`];
	if (value["type"] !== "plain_text" && value["type"] !== "mrkdwn")
		return [`unsupported type [json-pointer:${at}/type]`];
	return textOf(value, "text", max, at);
}

function textOf(holder: JsonObject, key: string, max: number, at: string): string[] {
	const text = holder[key];
	if (typeof text !== "string") return [`missing required field: ${key} [json-pointer:${at}]`];
	if (text.length === 0) return [`must be more than 0 characters [json-pointer:${at}/${key}]`];
	return shorter(holder, key, max, at);
}

function shorter(holder: JsonObject, key: string, max: number, at: string): string[] {
	return lengthOf(holder[key]) > max ? [`must be less than ${max + 1} characters [json-pointer:${at}/${key}]`] : [];
}

function listed(holder: JsonObject, key: string, max: number, at: string): string[] {
	const items = holder[key];
	if (!Array.isArray(items) || items.length === 0) return [`must have at least 1 item [json-pointer:${at}/${key}]`];
	return items.length > max ? [`no more than ${max} items allowed [json-pointer:${at}/${key}]`] : [];
}

function needed(holder: JsonObject, keys: readonly string[], at: string): string[] {
	return keys.flatMap((key) => textOf(holder, key, limits.altTextCharsMax, at));
}

function itemsOf(value: Json | undefined): readonly Json[] {
	return Array.isArray(value) ? value : [];
}

function lengthOf(value: Json | undefined): number {
	return typeof value === "string" ? value.length : 0;
}
