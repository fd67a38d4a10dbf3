import { useState } from "react";
import type { Json } from "../../std/json.ts";
import { Faults } from "./faults.tsx";
import { labelOf } from "./field.ts";
import type { FieldProps } from "./field-props.ts";
import { useField } from "./use-field.ts";

/** Whatever has no form of its own, as JSON. What is no JSON is sent as text, and the server says so. */
export function JsonField({ member, path }: FieldProps) {
	const { id, value, faults, described, change } = useField(path, member.field);
	const [typed, setTyped] = useState("");
	const shown = JSON.stringify(jsonIn(typed)) === JSON.stringify(value) ? typed : pretty(value);
	return (
		<div className="form-field" data-long="true">
			<label htmlFor={id}>
				{labelOf(member.name)} <span className="soft tiny">as JSON</span>
			</label>
			<textarea
				id={id}
				className="field mono"
				rows={2}
				spellCheck={false}
				placeholder="{}"
				value={shown}
				aria-invalid={faults.length > 0}
				aria-describedby={described}
				onChange={({ target }) => {
					setTyped(target.value);
					change(jsonIn(target.value));
				}}
			/>
			<Faults id={id} faults={faults} />
		</div>
	);
}

function jsonIn(text: string): Json | undefined {
	if (text.trim() === "") return undefined;
	try {
		const parsed: unknown = JSON.parse(text);
		return parsed as Json;
	} catch {
		return text;
	}
}

function pretty(value: Json | undefined): string {
	if (value === undefined || (typeof value === "object" && value !== null && Object.keys(value).length === 0))
		return "";
	return typeof value === "string" ? value : JSON.stringify(value, null, 1);
}
