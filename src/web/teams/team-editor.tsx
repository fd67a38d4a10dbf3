import { useEffect, useMemo, useRef } from "react";
import { isJsonObject, type Json } from "../../std/json.ts";
import { counted } from "../room/figures.ts";
import { EditorContext } from "./editor-context.ts";
import type { Field } from "./field.ts";
import { errorsAt } from "./errors-at.ts";
import { Faults } from "./faults.tsx";
import { ask } from "./form-field.tsx";
import { Members } from "./members.tsx";
import { defaultsOf } from "./sparse.ts";
import { TeamActs } from "./team-acts.tsx";
import { useEditing } from "./use-editing.ts";

type Props = {
	readonly form: Field;
	readonly first: Json;
	readonly backends: readonly string[];
	/** Built in: it can be looked at and duplicated. */
	readonly fixed: boolean;
	readonly stored: (name: string) => void;
	readonly duplicate: (team: Json) => void;
	readonly remove: (() => Promise<string | null>) | null;
};

/** A team as a form, made from the schema that the server checks it by; what the server finds wrong stands at its field. */
export function TeamEditor({ form, first, backends, fixed, stored, duplicate, remove }: Props) {
	const editing = useEditing(first);
	const { document, change, errors, fault, said } = editing;
	const preset = isJsonObject(document) ? document["preset"] : undefined;
	const editor = useMemo(
		() => ({ document, change, errors, defaults: defaultsOf(preset), hints: { backend: backends } }),
		[document, change, errors, preset, backends],
	);
	const frame = useRef<HTMLFormElement>(null);
	useEffect(() => {
		if (errors.length > 0) frame.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
	}, [errors]);
	return (
		<EditorContext value={editor}>
			<form
				ref={frame}
				className="team-form"
				aria-label="Team"
				onSubmit={(event) => {
					event.preventDefault();
					void editing.save().then((name) => name !== null && stored(name));
				}}
			>
				<datalist id="hints-backend">
					{backends.map((name) => (
						<option key={name} value={name}>
							{name}
						</option>
					))}
				</datalist>
				<TeamActs editing={editing} fixed={fixed} duplicate={duplicate} remove={remove} />
				<output className="team-said">
					{said !== null && <span className="notice good">{said}</span>}
					{fixed && <span className="notice">This team is built in. Duplicate it to change it.</span>}
				</output>
				{(fault !== null || errors.length > 0) && (
					<p className="notice bad" role="alert">
						{fault ?? `Not stored: ${counted(errors.length, "thing")} to mend, each said at its field.`}
					</p>
				)}
				<Faults id="team" faults={errorsAt(errors, "", form)} />
				<fieldset className="team-fields" disabled={fixed}>
					<legend className="unseen">Team</legend>
					{form.kind === "group" && <Members members={form.members} path={[]} ask={ask} />}
				</fieldset>
			</form>
		</EditorContext>
	);
}
