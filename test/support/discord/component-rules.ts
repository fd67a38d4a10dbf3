import { isJsonObject, type Json, type JsonObject } from "../../../src/std/json.ts";
import { badLength, notOneOf, required, tooLong, type Problem } from "./discord-errors.ts";
import { discordLimits as limits } from "./discord-limits.ts";

/** `v1`: buttons and selects in rows; `v2`: everything may be shown by components; `modal`: what a form asks. */
export type Layout = "v1" | "v2" | "modal";

/** What is wrong with the components of a message or of a form. */
export function componentProblems(components: Json | undefined, layout: Layout): Problem[] {
	if (components === undefined || components === null) return [];
	const list = listOf(components);
	const max = { v1: limits.rowsMax, v2: limits.componentsMax, modal: limits.modalComponentsMax }[layout];
	return [
		...(list.length > max ? [badLength("components", 1, max)] : []),
		...list.flatMap((component, index) => problemsOf(component, `components.${index}`, topLevel[layout])),
		...doubles(list),
		...(layout === "v2" ? totals(list) : []),
	];
}

/** What all Text Displays say, in their order. */
export function displayTexts(components: Json | undefined): string[] {
	return nested(components).flatMap((component) => (component["type"] === 10 ? [String(component["content"])] : []));
}

/** Discord breaks over these without saying why: it answers 500. */
export function breaksDiscord(components: Json | undefined): boolean {
	const texts = displayTexts(components);
	const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
	return bytes + limits.displayBytesEach * texts.length > limits.displayBytesMax;
}

const topLevel: Record<Layout, readonly number[]> = {
	v1: [1],
	v2: [1, 9, 10, 12, 13, 14, 17],
	modal: [1, 10, 18],
};

type Check = (component: JsonObject, at: string) => Problem[];

const checks: Readonly<Record<number, Check>> = {
	1: row,
	2: button,
	3: stringSelect,
	4: (component, at) => customId(component, at),
	5: select,
	6: select,
	7: select,
	8: select,
	9: section,
	10: display,
	11: media,
	12: (component, at) => counted(component, "items", limits.galleryItemsMax, at),
	13: (component, at) => (isJsonObject(component["file"]) ? [] : [required(`${at}.file`)]),
	14: () => [],
	17: (component, at) => children(component, at, [1, 9, 10, 12, 13, 14]),
	18: labelled,
	19: (component, at) => customId(component, at),
};

function problemsOf(component: Json, at: string, allowed: readonly number[]): Problem[] {
	if (!isJsonObject(component) || component["type"] === undefined) return [required(`${at}.type`)];
	const type = Number(component["type"]);
	const check = allowed.includes(type) ? checks[type] : undefined;
	return check === undefined ? [notOneOf(`${at}.type`)] : check(component, at);
}

function row(component: JsonObject, at: string): Problem[] {
	const inner = listOf(component["components"]);
	const isOfButtons = inner.every((child) => isJsonObject(child) && child["type"] === 2);
	const max = isOfButtons ? limits.buttonsPerRowMax : 1;
	return [
		...(inner.length < 1 || inner.length > max ? [badLength(`${at}.components`, 1, max)] : []),
		...children(component, at, [2, 3, 4, 5, 6, 7, 8]),
	];
}

function button(component: JsonObject, at: string): Problem[] {
	const { style, label, url } = component;
	const isLink = style === 5;
	const shown = label === undefined && component["emoji"] === undefined ? [required(`${at}.label`)] : [];
	const goal = isLink ? linked(url, at) : customId(component, at);
	const mixed = isLink && component["custom_id"] !== undefined ? [badLength(`${at}.custom_id`, 0, 0)] : [];
	return [
		...([1, 2, 3, 4, 5].includes(Number(style)) ? [] : [notOneOf(`${at}.style`)]),
		...shown,
		...longer(label, limits.labelCharsMax, `${at}.label`),
		...goal,
		...mixed,
	];
}

function linked(url: Json | undefined, at: string): Problem[] {
	if (typeof url !== "string") return [required(`${at}.url`)];
	return longer(url, limits.urlCharsMax, `${at}.url`);
}

function stringSelect(component: JsonObject, at: string): Problem[] {
	return [
		...select(component, at),
		...counted(component, "options", limits.optionsMax, at),
		...listOf(component["options"]).flatMap((option, index) => {
			if (!isJsonObject(option)) return [required(`${at}.options.${index}.label`)];
			return ["label", "value", "description"].flatMap((key) => [
				...(option[key] === undefined && key !== "description"
					? [required(`${at}.options.${index}.${key}`)]
					: []),
				...longer(option[key], limits.optionCharsMax, `${at}.options.${index}.${key}`),
			]);
		}),
	];
}

function select(component: JsonObject, at: string): Problem[] {
	return [
		...customId(component, at),
		...longer(component["placeholder"], limits.placeholderCharsMax, `${at}.placeholder`),
	];
}

function section(component: JsonObject, at: string): Problem[] {
	const accessory = component["accessory"];
	return [
		...counted(component, "components", limits.sectionTextsMax, at),
		...children(component, at, [10]),
		...(accessory === undefined
			? [required(`${at}.accessory`)]
			: problemsOf(accessory, `${at}.accessory`, [2, 11])),
	];
}

function display({ content }: JsonObject, at: string): Problem[] {
	if (typeof content !== "string" || content === "") return [required(`${at}.content`)];
	return longer(content, limits.displayCharsMax, `${at}.content`);
}

function media(component: JsonObject, at: string): Problem[] {
	return isJsonObject(component["media"]) ? [] : [required(`${at}.media`)];
}

function labelled(component: JsonObject, at: string): Problem[] {
	const inner = component["component"];
	return [
		...(typeof component["label"] === "string" ? [] : [required(`${at}.label`)]),
		...longer(component["label"], limits.modalTitleCharsMax, `${at}.label`),
		...longer(component["description"], limits.optionCharsMax, `${at}.description`),
		...(inner === undefined
			? [required(`${at}.component`)]
			: problemsOf(inner, `${at}.component`, [3, 4, 5, 6, 7, 8, 19])),
	];
}

function children(component: JsonObject, at: string, allowed: readonly number[]): Problem[] {
	return listOf(component["components"]).flatMap((child, index) =>
		problemsOf(child, `${at}.components.${index}`, allowed),
	);
}

function customId(component: JsonObject, at: string): Problem[] {
	const id = component["custom_id"];
	if (typeof id !== "string") return [required(`${at}.custom_id`)];
	const fits = id.length >= 1 && id.length <= limits.customIdCharsMax;
	return fits ? [] : [badLength(`${at}.custom_id`, 1, limits.customIdCharsMax)];
}

function doubles(list: readonly Json[]): Problem[] {
	const ids = nested(list).flatMap(({ custom_id: id }) => (typeof id === "string" ? [id] : []));
	const message = "Component custom id cannot be duplicated";
	return new Set(ids).size === ids.length
		? []
		: [{ at: "components", code: "COMPONENT_CUSTOM_ID_DUPLICATED", message }];
}

function totals(list: readonly Json[]): Problem[] {
	const characters = displayTexts(list).reduce((sum, text) => sum + text.length, 0);
	const message = `The total number of components cannot exceed ${limits.componentsMax}`;
	return [
		...(nested(list).length > limits.componentsMax
			? [{ at: "components", code: "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED", message }]
			: []),
		...(characters > limits.displayCharsMax ? [tooLong("components", limits.displayCharsMax)] : []),
	];
}

/** Every component, those in others too. */
function nested(value: Json | undefined): JsonObject[] {
	return listOf(value)
		.filter(isJsonObject)
		.flatMap((component) => [
			component,
			...nested(component["components"]),
			...nested([component["accessory"] ?? null, component["component"] ?? null]),
		]);
}

function counted(holder: JsonObject, key: string, max: number, at: string): Problem[] {
	const { length } = listOf(holder[key]);
	return length < 1 || length > max ? [badLength(`${at}.${key}`, 1, max)] : [];
}

function longer(value: Json | undefined, max: number, at: string): Problem[] {
	return typeof value === "string" && value.length > max ? [tooLong(at, max)] : [];
}

function listOf(value: Json | undefined): readonly Json[] {
	return Array.isArray(value) ? value : [];
}
