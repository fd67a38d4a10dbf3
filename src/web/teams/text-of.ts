import type { Json } from "../../std/json.ts";

/** A value as a field of text shows it, also one that does not belong there. */
export function textOf(value: Json | undefined): string {
	if (value === undefined || value === null) return "";
	return typeof value === "string" ? value : JSON.stringify(value);
}
