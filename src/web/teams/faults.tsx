import type { Held } from "./use-field.ts";

/** What the server says against a field, below it. */
export function Faults({ id, faults }: Pick<Held, "id" | "faults">) {
	if (faults.length === 0) return null;
	return (
		<p className="field-fault" id={`${id}-fault`}>
			{faults.join("; ")}
		</p>
	);
}
