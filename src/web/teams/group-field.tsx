import { isJsonObject } from "../../std/json.ts";
import { dotted } from "./document.ts";
import { useEditor } from "./editor-context.ts";
import { hasErrors } from "./errors-at.ts";
import { Faults } from "./faults.tsx";
import { labelOf, type Field } from "./field.ts";
import type { AskProps, FieldProps } from "./field-props.ts";
import { Members } from "./members.tsx";
import { useField } from "./use-field.ts";

type Props = FieldProps & AskProps & { readonly group: Field & { readonly kind: "group" } };

/** Several fields under one name, folded until somebody looks, or something in them is wrong. */
export function GroupField({ member, path, group, ask }: Props) {
	const { id, value, faults, change } = useField(path, member.field);
	const { errors } = useEditor();
	const wrong = hasErrors(errors, dotted(path));
	const given = isJsonObject(value) ? Object.keys(value).length : 0;
	const absent = group.nullable && (value === undefined || value === null);
	return (
		// Opened anew where the server has found something in it.
		<details className="form-group" id={id} key={String(wrong)} open={wrong || undefined}>
			<summary>
				{labelOf(member.name)}{" "}
				<span className="soft tiny">{absent ? "none" : given === 0 ? "as by default" : `${given} set`}</span>
				{wrong && <span className="chip bad">look here</span>}
			</summary>
			<Faults id={id} faults={faults} />
			{absent ? (
				<button type="button" className="button" onClick={() => change({})}>
					Add
				</button>
			) : (
				<>
					<Members members={group.members} path={path} ask={ask} />
					{group.nullable && (
						<button type="button" className="button plain bad" onClick={() => change(null)}>
							Remove
						</button>
					)}
				</>
			)}
		</details>
	);
}
