import { isJsonObject, type Json, type JsonObject } from "../../std/json.ts";

/** How deep a strict schema may nest. https://developers.openai.com/api/docs/guides/structured-outputs */
export const strictDepthMax = 10;

/**
 * Whether OpenAI can hold a model to this schema (`strict`): all objects closed, all their keys required, and no word
 * that its strict mode refuses. A schema that is none is followed as well as the model can.
 */
export function isStrictSchema(schema: JsonObject): boolean {
	return schema["type"] === "object" && isStrict(schema, strictDepthMax);
}

const strictWords: ReadonlySet<string> = new Set([
	"type",
	"title",
	"description",
	"properties",
	"required",
	"additionalProperties",
	"items",
	"enum",
	"const",
	"anyOf",
	"$defs",
	"$ref",
	"pattern",
	"minimum",
	"maximum",
	"exclusiveMinimum",
	"exclusiveMaximum",
	"multipleOf",
	"minItems",
	"maxItems",
]);

function isStrict(schema: Json, depth: number): boolean {
	if (!isJsonObject(schema) || depth === 0) return false;
	if (!Object.keys(schema).every((word) => strictWords.has(word))) return false;
	if (isObjectSchema(schema) && !isClosed(schema)) return false;
	return partsOf(schema).every((part) => isStrict(part, depth - 1));
}

function isObjectSchema({ type, properties }: JsonObject): boolean {
	return properties !== undefined || type === "object" || (Array.isArray(type) && type.includes("object"));
}

function isClosed({ properties, required, additionalProperties }: JsonObject): boolean {
	if (additionalProperties !== false || !isJsonObject(properties)) return false;
	const known: readonly Json[] = Array.isArray(required) ? required : [];
	return Object.keys(properties).every((name) => known.includes(name));
}

function partsOf({ properties, $defs, items, anyOf }: JsonObject): readonly Json[] {
	return [
		...(isJsonObject(properties) ? Object.values(properties) : []),
		...(isJsonObject($defs) ? Object.values($defs) : []),
		...(items === undefined ? [] : [items]),
		...(Array.isArray(anyOf) ? anyOf : []),
	];
}
