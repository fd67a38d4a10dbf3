import type { Json } from "../../std/json.ts";

/** What of a JSON Schema our editor looks at. */
export type Schema = {
	readonly type?: string;
	readonly properties?: Readonly<Record<string, Schema>>;
	readonly required?: readonly string[];
	readonly items?: Schema;
	readonly maxItems?: number;
	readonly enum?: readonly string[];
	readonly anyOf?: readonly Schema[];
	readonly default?: Json;
	readonly minimum?: number;
	readonly exclusiveMinimum?: number;
	readonly maximum?: number;
	readonly maxLength?: number;
};

/** A part of a form, made from a schema. `optional`: it may be left out, or be null. */
export type Field =
	| { readonly kind: "text"; readonly long: boolean }
	| { readonly kind: "number"; readonly range: string }
	| { readonly kind: "choice"; readonly options: readonly string[] }
	| { readonly kind: "flag" }
	| { readonly kind: "words" }
	| { readonly kind: "json" }
	| { readonly kind: "group"; readonly members: readonly Member[]; readonly nullable: boolean }
	| { readonly kind: "list"; readonly of: Field; readonly countMax: number };

export type Member = {
	readonly name: string;
	readonly field: Field;
	readonly required: boolean;
	readonly fallback: Json | undefined;
};

/** Longer texts get more than a line. */
const lineCharsMax = 1_000;
/** Where a schema says nothing. */
const listCountMax = 100;

/** The form for a schema. What it does not know how to ask for is written as JSON. */
export function fieldOf(schema: Schema): Field {
	if (schema.anyOf !== undefined) return nullable(schema.anyOf);
	if (schema.enum !== undefined) return { kind: "choice", options: schema.enum };
	switch (schema.type) {
		case "string":
			return { kind: "text", long: (schema.maxLength ?? 0) > lineCharsMax };
		case "integer":
		case "number":
			return { kind: "number", range: rangeOf(schema) };
		case "boolean":
			return { kind: "flag" };
		case "array":
			return listOf(schema);
		case "object":
			return schema.properties === undefined
				? { kind: "json" }
				: { kind: "group", members: membersOf(schema), nullable: false };
		default:
			return { kind: "json" };
	}
}

/** A name as people read it: `answers_per_agent`, answers per agent. */
export function labelOf(name: string): string {
	const words = name.replaceAll("_", " ");
	return words.slice(0, 1).toUpperCase() + words.slice(1);
}

function nullable(branches: readonly Schema[]): Field {
	const [only, ...more] = branches.filter(({ type }) => type !== "null");
	if (only === undefined || more.length > 0) return { kind: "json" };
	const field = fieldOf(only);
	return field.kind === "group" ? { ...field, nullable: true } : field;
}

function listOf({ items = {}, maxItems = listCountMax }: Schema): Field {
	if (items.type === "string") return { kind: "words" };
	return { kind: "list", of: fieldOf(items), countMax: maxItems };
}

function membersOf({ properties = {}, required = [] }: Schema): readonly Member[] {
	return Object.entries(properties).map(([name, schema]) => ({
		name,
		field: fieldOf(schema),
		required: required.includes(name),
		fallback: schema.default,
	}));
}

function rangeOf({ minimum, exclusiveMinimum, maximum }: Schema): string {
	const low = exclusiveMinimum === undefined ? minimum : `above ${exclusiveMinimum}`;
	if (low === undefined) return maximum === undefined ? "" : `up to ${maximum}`;
	return maximum === undefined ? `from ${low}` : `${low} to ${maximum}`;
}
