import { useEditor } from "./editor-context.ts";
import { Faults } from "./faults.tsx";
import { labelOf } from "./field.ts";
import type { FieldProps } from "./field-props.ts";
import { textOf } from "./text-of.ts";
import { useField } from "./use-field.ts";

/** A line, or several where longer texts are expected. */
export function TextField({ member, path, long }: FieldProps & { readonly long: boolean }) {
	const { id, value, faults, described, change } = useField(path, member.field);
	const { hints } = useEditor();
	const hinted = hints[member.name] !== undefined;
	const shared = {
		id,
		className: "field",
		dir: "auto",
		value: textOf(value),
		"aria-invalid": faults.length > 0,
		"aria-describedby": described,
		onChange: ({ target }: { readonly target: { readonly value: string } }) =>
			change(target.value === "" && !member.required ? undefined : target.value),
	} as const;
	return (
		<div className="form-field" data-long={long}>
			<label htmlFor={id}>{labelOf(member.name)}</label>
			{long ? (
				<textarea rows={3} {...shared} />
			) : (
				<input
					autoComplete="off"
					spellCheck={false}
					list={hinted ? `hints-${member.name}` : undefined}
					{...shared}
				/>
			)}
			<Faults id={id} faults={faults} />
		</div>
	);
}
