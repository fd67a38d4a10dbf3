import { createContext, useContext } from "react";
import type { FieldError } from "../../api/contract.ts";
import type { Json, JsonObject } from "../../std/json.ts";
import type { Path } from "./document.ts";

/** What every field of the editor works on. */
export type Editor = {
	readonly document: Json | undefined;
	/** Undefined: leave it out. */
	readonly change: (path: Path, value: Json | undefined) => void;
	readonly errors: readonly FieldError[];
	/** What holds where nothing is said, by dotted path. */
	readonly defaults: JsonObject;
	/** What may be meant, by the name of a field. */
	readonly hints: Readonly<Record<string, readonly string[]>>;
};

export const EditorContext = createContext<Editor | null>(null);

/** The team that is edited here. */
export function useEditor(): Editor {
	const editor = useContext(EditorContext);
	if (editor === null) throw new Error("no editor: a field stands within one");
	return editor;
}
