import { isJsonObject, type JsonObject } from "../../std/json.ts";

/**
 * A body, or a part of one, with what the person sets. A param replaces what stands there; where both are objects (the
 * format of an answer and its `effort` or `verbosity`, thoughts being shown and their level) its keys stand beside ours.
 */
export function withParams<Body extends object>(body: Body, params: JsonObject): Body {
	const ours = new Map<string, unknown>(Object.entries(body));
	const fields = Object.entries(params).map(([name, value]) => {
		const known = ours.get(name);
		return isJsonObject(known) && isJsonObject(value) ? [name, { ...known, ...value }] : [name, value];
	});
	return Object.assign(body, Object.fromEntries(fields));
}
