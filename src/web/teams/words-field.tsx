import { useState } from "react";
import type { Json } from "../../std/json.ts";
import { Faults } from "./faults.tsx";
import { labelOf } from "./field.ts";
import type { FieldProps } from "./field-props.ts";
import { textOf } from "./text-of.ts";
import { useField } from "./use-field.ts";

/** Several words, with commas between them. */
export function WordsField({ member, path }: FieldProps) {
	const { id, value, faults, described, change } = useField(path, member.field);
	/** What was typed: a comma at the end is a word to come. */
	const [typed, setTyped] = useState("");
	const shown = JSON.stringify(wordsIn(typed)) === JSON.stringify(value ?? []) ? typed : joined(value);
	return (
		<div className="form-field">
			<label htmlFor={id}>
				{labelOf(member.name)} <span className="soft tiny">with commas between</span>
			</label>
			<input
				id={id}
				className="field"
				autoComplete="off"
				spellCheck={false}
				value={shown}
				aria-invalid={faults.length > 0}
				aria-describedby={described}
				onChange={({ target }) => {
					setTyped(target.value);
					const words = wordsIn(target.value);
					change(words.length === 0 ? undefined : words);
				}}
			/>
			<Faults id={id} faults={faults} />
		</div>
	);
}

function wordsIn(text: string): readonly string[] {
	return text
		.split(",")
		.map((word) => word.trim())
		.filter((word) => word !== "");
}

function joined(value: Json | undefined): string {
	return Array.isArray(value) ? value.map(textOf).join(", ") : textOf(value);
}
