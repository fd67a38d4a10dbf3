import type { Json } from "../../std/json.ts";
import { valueAt, type Path } from "./document.ts";
import { useEditor } from "./editor-context.ts";
import type { Member } from "./field.ts";

/** What holds while a field is left out: what the preset says goes before what the schema does. */
export function useDefault(path: Path, { fallback }: Member): Json | undefined {
	return valueAt(useEditor().defaults, path) ?? fallback;
}
