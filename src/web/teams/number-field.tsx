import { useState } from "react";
import { Faults } from "./faults.tsx";
import { labelOf } from "./field.ts";
import type { FieldProps } from "./field-props.ts";
import { textOf } from "./text-of.ts";
import { useDefault } from "./use-default.ts";
import { useField } from "./use-field.ts";

/** A number. What is no number is sent as it was typed, and the server says so. */
export function NumberField({ member, path, range }: FieldProps & { readonly range: string }) {
	const { id, value, faults, described, change } = useField(path, member.field);
	const fallback = useDefault(path, member);
	/** What was typed: `0.` is on its way to `0.5`. */
	const [typed, setTyped] = useState("");
	const shown = numberIn(typed) === value ? typed : textOf(value);
	return (
		<div className="form-field">
			<label htmlFor={id}>
				{labelOf(member.name)} {range !== "" && <span className="soft tiny">{range}</span>}
			</label>
			<input
				id={id}
				className="field numeric"
				inputMode="decimal"
				autoComplete="off"
				placeholder={fallback === undefined || fallback === null ? "none" : textOf(fallback)}
				value={shown}
				aria-invalid={faults.length > 0}
				aria-describedby={described}
				onChange={({ target }) => {
					setTyped(target.value);
					change(numberIn(target.value));
				}}
			/>
			<Faults id={id} faults={faults} />
		</div>
	);
}

function numberIn(text: string): number | string | undefined {
	const words = text.trim();
	if (words === "") return undefined;
	const number = Number(words);
	return Number.isFinite(number) ? number : words;
}
