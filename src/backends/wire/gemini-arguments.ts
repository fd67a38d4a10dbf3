import type { Json, JsonObject } from "../../std/json.ts";

/** Deepest path and longest list that fragments may build. */
export const partialDepthMax = 16;
export const partialListMax = 1024;

type Branch = { [name: string]: Json };

/**
 * Adds fragments of a streamed function call (`partialArgs`) to its arguments and returns about how many characters that
 * makes of them. Strings come in pieces, everything else whole. What has no readable path is left out.
 * https://docs.cloud.google.com/vertex-ai/generative-ai/docs/multimodal/function-calling#streaming-fc
 */
export function addPartialArguments(args: Branch, fragments: readonly JsonObject[]): number {
	let chars = 0;
	for (const fragment of fragments) {
		const { jsonPath } = fragment;
		const path = typeof jsonPath === "string" ? stepsOf(jsonPath) : null;
		const value = valueOf(fragment);
		if (path === null || value === undefined) continue;
		chars += typeof value === "string" ? value.length : 8;
		// A list with holes is long, however short what was sent of it.
		chars += "null,".length * place(args, path, value);
	}
	return chars;
}

type Step = string | number;

function stepsOf(path: string): readonly Step[] | null {
	if (!path.startsWith("$")) return null;
	const steps: Step[] = [];
	for (const [, plain, index, quoted] of path.slice(1).matchAll(/\.([^.[\]]+)|\[(\d+)\]|\[['"]([^'"]*)['"]\]/g)) {
		steps.push(index === undefined ? (plain ?? quoted ?? "") : Number(index));
	}
	const isFit = steps.length > 0 && steps.length <= partialDepthMax && steps.every(isFitStep);
	return isFit ? steps : null;
}

// `__proto__` as a name would reach into what all objects share.
function isFitStep(step: Step): boolean {
	return typeof step === "number" ? step < partialListMax : step !== "__proto__";
}

function valueOf(fragment: JsonObject): Json | undefined {
	if ("nullValue" in fragment) return null;
	return fragment["stringValue"] ?? fragment["numberValue"] ?? fragment["boolValue"] ?? undefined;
}

/** Puts a value at its place and returns how many places of lists it has left empty on the way. */
function place(args: Branch, path: readonly Step[], value: Json): number {
	let branch: Branch = args;
	let holes = 0;
	for (const [at, step] of path.entries()) {
		// A list has places and no names; `length` as a name would be taken for its own.
		if (Array.isArray(branch) && typeof step !== "number") return holes;
		holes += holesBefore(branch, step);
		const next = path[at + 1];
		if (next === undefined) put(branch, String(step), value);
		else branch = branchAt(branch, String(step), typeof next === "number");
	}
	return holes;
}

function put(branch: Branch, step: string, value: Json): void {
	const before = Object.hasOwn(branch, step) ? branch[step] : undefined;
	branch[step] = typeof value === "string" && typeof before === "string" ? before + value : value;
}

function holesBefore(branch: Branch, step: Step): number {
	return Array.isArray(branch) && typeof step === "number" ? Math.max(0, step - branch.length) : 0;
}

function branchAt(branch: Branch, step: string, isList: boolean): Branch {
	const known = Object.hasOwn(branch, step) ? branch[step] : undefined;
	if (isBranch(known)) return known;
	// A list is an object whose names are its places; it becomes a branch to be written into like any other.
	const fresh: Branch | Json[] = isList ? [] : {};
	branch[step] = fresh;
	return isBranch(fresh) ? fresh : {};
}

function isBranch(value: unknown): value is Branch {
	return typeof value === "object" && value !== null;
}
