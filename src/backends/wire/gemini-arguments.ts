import type { Json, JsonObject } from "../../std/json.ts";

/** Deepest path and longest list that fragments may build. */
export const partialDepthMax = 16;
export const partialListMax = 1024;

type Branch = { [name: string]: Json };

/**
 * Adds fragments of a streamed function call (`partialArgs`) to its arguments and returns how many characters they had.
 * Strings come in pieces, everything else whole. What has no readable path is left out.
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
		place(args, path, value);
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

function place(args: Branch, path: readonly Step[], value: Json): void {
	let branch: Branch = args;
	path.slice(0, -1).forEach((step, at) => {
		branch = branchAt(branch, String(step), typeof path[at + 1] === "number");
	});
	const last = String(path.at(-1));
	const before = Object.hasOwn(branch, last) ? branch[last] : undefined;
	branch[last] = typeof value === "string" && typeof before === "string" ? before + value : value;
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
