import { dotted, type Path } from "./document.ts";
import { useEditor } from "./editor-context.ts";
import { hasErrors } from "./errors-at.ts";
import { Faults } from "./faults.tsx";
import type { Field } from "./field.ts";
import type { AskProps } from "./field-props.ts";
import { Members } from "./members.tsx";
import { useField } from "./use-field.ts";

type Props = AskProps & { readonly of: Field; readonly path: Path; readonly remove: () => void };

/** One of several: what must be there at once, the rest folded. */
export function ListItem({ of, path, remove, ask }: Props) {
	const { errors } = useEditor();
	const { id, faults } = useField(path, of);
	const name = `${Number(path.at(-1)) + 1}`;
	if (of.kind !== "group") return ask({ name, field: of, required: true, fallback: undefined }, path);
	const first = of.members.filter(({ required }) => required);
	const more = of.members.filter(({ required }) => !required);
	const wrong = more.some((member) => hasErrors(errors, dotted([...path, member.name])));
	return (
		<fieldset className="form-item" aria-label={name} id={id}>
			<Members members={first} path={path} ask={ask} />
			<Faults id={id} faults={faults} />
			<details key={String(wrong)} open={wrong || undefined}>
				<summary>More</summary>
				<Members members={more} path={path} ask={ask} />
			</details>
			<button type="button" className="button plain bad" onClick={remove}>
				Remove<span className="unseen"> {name}</span>
			</button>
		</fieldset>
	);
}
