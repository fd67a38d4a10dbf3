import type { Json } from "../../std/json.ts";
import { dotted, valueAt, type Path } from "./document.ts";
import { useEditor } from "./editor-context.ts";
import { errorsAt } from "./errors-at.ts";
import type { Field } from "./field.ts";

export type Held = {
	readonly id: string;
	readonly value: Json | undefined;
	readonly faults: readonly string[];
	/** What the input is described by; undefined: nothing. */
	readonly described: string | undefined;
	readonly change: (value: Json | undefined) => void;
};

/** One field of the team that is edited: its value, what is wrong with it, and how to change it. */
export function useField(path: Path, field: Field): Held {
	const { document, change, errors } = useEditor();
	const name = dotted(path);
	const id = `team-${name}`;
	const faults = errorsAt(errors, name, field);
	return {
		id,
		value: valueAt(document, path),
		faults,
		described: faults.length === 0 ? undefined : `${id}-fault`,
		change: (value) => change(path, value),
	};
}
