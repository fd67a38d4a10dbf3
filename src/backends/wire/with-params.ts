import { isJsonObject, type JsonObject } from "../../std/json.ts";

/**
 * A body, or a part of one, with what the person sets. A param replaces what stands there, but for the fields in which
 * both have a say: there its keys are put beside ours (which no param may name).
 */
export function withParams<Body extends object>(body: Body, params: JsonObject): Body {
	const ours = new Map<string, unknown>(Object.entries(body));
	const fields = Object.entries(params).map(([name, value]) => {
		const known = ours.get(name);
		return shared.has(name) && isJsonObject(known) && isJsonObject(value)
			? [name, { ...known, ...value }]
			: [name, value];
	});
	return Object.assign(body, Object.fromEntries(fields));
}

/** `effort` stands beside the format of an answer, and so does `verbosity`; a level of thinking beside its being shown. */
const shared: ReadonlySet<string> = new Set(["output_config", "text", "thinkingConfig"]);
