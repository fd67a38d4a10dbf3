import { Faults } from "./faults.tsx";
import { labelOf } from "./field.ts";
import type { FieldProps } from "./field-props.ts";
import { textOf } from "./text-of.ts";
import { useDefault } from "./use-default.ts";
import { useField } from "./use-field.ts";

/** One of a few words. */
export function ChoiceField({ member, path, options }: FieldProps & { readonly options: readonly string[] }) {
	const { id, value, faults, described, change } = useField(path, member.field);
	const fallback = useDefault(path, member);
	const now = textOf(value);
	// What an import brought is shown, so that the server's error stands at what it is about.
	const all = now === "" || options.includes(now) ? options : [now.slice(0, 100), ...options];
	return (
		<div className="form-field">
			<label htmlFor={id}>{labelOf(member.name)}</label>
			<select
				id={id}
				className="field"
				value={now.slice(0, 100)}
				aria-invalid={faults.length > 0}
				aria-describedby={described}
				onChange={({ target }) => change(target.value === "" ? undefined : target.value)}
			>
				{fallback !== undefined && <option value="">{textOf(fallback)} (default)</option>}
				{all.map((option) => (
					<option key={option} value={option}>
						{option}
					</option>
				))}
			</select>
			<Faults id={id} faults={faults} />
		</div>
	);
}
