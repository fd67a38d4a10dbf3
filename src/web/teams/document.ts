import { isJsonObject, type Json } from "../../std/json.ts";

/** Where something stands in a document: names and places, as in `agents.0.model`. */
export type Path = readonly (string | number)[];

/** As the server's errors name it. */
export function dotted(path: Path): string {
	return path.join(".");
}

/** What stands there; undefined: nothing. */
export function valueAt(document: Json | undefined, path: Path): Json | undefined {
	return path.reduce<Json | undefined>((value, step) => stepped(value, step), document);
}

/** The document with another value there; undefined takes it away. What is missing on the way is made. */
export function withValueAt(document: Json | undefined, path: Path, value: Json | undefined): Json | undefined {
	const [step, ...rest] = path;
	if (step === undefined) return value;
	const changed = withValueAt(stepped(document, step), rest, value);
	if (typeof step === "number") {
		const list = Array.isArray(document) ? document : [];
		return changed === undefined ? list.toSpliced(step, 1) : list.toSpliced(step, 1, changed);
	}
	const object = isJsonObject(document) ? document : {};
	const { [step]: _before, ...others } = object;
	if (changed === undefined) return others;
	// In its place, so that what is exported keeps its order.
	return step in object ? { ...object, [step]: changed } : { ...others, [step]: changed };
}

function stepped(value: Json | undefined, step: string | number): Json | undefined {
	if (typeof step === "number") return Array.isArray(value) ? value[step] : undefined;
	return isJsonObject(value) && Object.hasOwn(value, step) ? value[step] : undefined;
}
