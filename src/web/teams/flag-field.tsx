import { Faults } from "./faults.tsx";
import { labelOf } from "./field.ts";
import type { FieldProps } from "./field-props.ts";
import { useField } from "./use-field.ts";

/** Yes or no. */
export function FlagField({ member, path }: FieldProps) {
	const { id, value, faults, described, change } = useField(path, member.field);
	return (
		<div className="form-field">
			<label htmlFor={id} className="flag">
				<input
					id={id}
					type="checkbox"
					checked={(value ?? member.fallback) === true}
					aria-invalid={faults.length > 0}
					aria-describedby={described}
					onChange={({ target }) => change(target.checked)}
				/>
				{labelOf(member.name)}
			</label>
			<Faults id={id} faults={faults} />
		</div>
	);
}
