import { z } from "zod";
import type { FieldError } from "./contract.ts";
import { nearest } from "./nearest.ts";

export type Parsed<T> =
	| { readonly ok: true; readonly value: T }
	| { readonly ok: false; readonly errors: readonly FieldError[] };

export const fieldErrorsMax = 20;
const keyCharsMax = 100;

/** Parses what we were sent; each fault becomes a dotted path and a sentence that says what would be right. */
export function parsed<T>(schema: z.ZodType<T>, value: unknown): Parsed<T> {
	const result = schema.safeParse(value, { error: explained });
	if (result.success) return { ok: true, value: result.data };
	return {
		ok: false,
		errors: result.error.issues.flatMap((issue) => fieldErrors(issue, [])).slice(0, fieldErrorsMax),
	};
}

/** Paths below `prefix`, as the sender wrote them: `team.agents.0.model`. */
export function below(prefix: string, errors: readonly FieldError[]): readonly FieldError[] {
	return errors.map(({ path, message }) => ({ path: path === "" ? prefix : `${prefix}.${path}`, message }));
}

function fieldErrors(issue: z.core.$ZodIssue, parent: readonly PropertyKey[]): FieldError[] {
	const path = [...parent, ...issue.path];
	if (issue.code === "unrecognized_keys") {
		const perKey = issue.message.split("\n");
		return issue.keys
			.slice(0, fieldErrorsMax)
			.map((key, at) => ({ path: dotted([...path, key]), message: perKey[at] ?? "unknown key" }));
	}
	const branch = issue.code === "invalid_union" ? meantBranch(issue.errors) : undefined;
	if (branch !== undefined) return branch.flatMap((inner) => fieldErrors(inner, path));
	return [{ path: dotted(path), message: issue.message }];
}

/** Of a union, the branch whose type the value has: its faults lie deeper, or are not faults of type. */
function meantBranch(branches: readonly (readonly z.core.$ZodIssue[])[]): readonly z.core.$ZodIssue[] | undefined {
	return branches.find((issues) => !issues.some((issue) => issue.code === "invalid_type" && issue.path.length === 0));
}

function dotted(path: readonly PropertyKey[]): string {
	return path.map((key) => String(key).slice(0, keyCharsMax)).join(".");
}

const typeNames: Partial<Record<string, string>> = {
	string: "a string",
	number: "a number",
	int: "an integer",
	boolean: "true or false",
	object: "an object",
	record: "an object",
	array: "an array",
	null: "null",
};
const units: Partial<Record<string, string>> = { string: " characters", array: " entries" };

type RawIssue<Code> = Extract<z.core.$ZodRawIssue, { code: Code }>;

const sentences: { readonly [Code in z.core.$ZodRawIssue["code"]]?: (issue: RawIssue<Code>) => string } = {
	invalid_type: ({ input, expected }) =>
		input === undefined ? "is required" : `must be ${typeNames[expected] ?? expected}`,
	invalid_value: ({ values }) =>
		values.length === 1 ? `must be ${String(values[0])}` : `must be one of ${values.map(String).join(", ")}`,
	too_big: ({ maximum, origin }) => `must be at most ${maximum}${units[origin] ?? ""}`,
	too_small: ({ minimum, inclusive, origin }) => {
		if (origin === "string" && minimum === 1) return "must not be empty";
		return `must be ${inclusive === false ? "more than" : "at least"} ${minimum}${units[origin] ?? ""}`;
	},
	unrecognized_keys: ({ keys, inst }) =>
		keys
			.slice(0, fieldErrorsMax)
			.map((key) => unknownKey(key, keysOf(inst)))
			.join("\n"),
	invalid_union: unionSentence,
};

/** Zod's issue in our words. Messages given in the contract itself come first; undefined leaves zod's own. */
function explained<Code extends z.core.$ZodRawIssue["code"]>(issue: RawIssue<Code>): string | undefined {
	const rows: Partial<Record<string, (issue: RawIssue<Code>) => string>> = sentences as object;
	return rows[issue.code]?.(issue);
}

/** One line each, so that `fieldErrors` can give every key its own. */
function unknownKey(key: string, known: readonly string[]): string {
	const meant = nearest(key, known);
	return meant === null ? "unknown key" : `unknown key; did you mean \`${meant}\`?`;
}

function keysOf(schema: unknown): readonly string[] {
	return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}

function unionSentence({ options, errors }: RawIssue<"invalid_union">): string {
	if (Array.isArray(options)) return `must be one of ${options.map(String).join(", ")}`;
	const types = errors.flatMap((branch) =>
		branch.flatMap((inner) => (inner.code === "invalid_type" ? [typeNames[inner.expected] ?? inner.expected] : [])),
	);
	return `must be ${types.join(" or ")}`;
}
