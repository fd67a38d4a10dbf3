import { Faults } from "./faults.tsx";
import { labelOf, type Field } from "./field.ts";
import type { AskProps, FieldProps } from "./field-props.ts";
import { ListItem } from "./list-item.tsx";
import { useField } from "./use-field.ts";

type Props = FieldProps & AskProps & { readonly list: Field & { readonly kind: "list" } };

/** Several of the same. */
export function ListField({ member, path, list, ask }: Props) {
	const { id, value, faults, change } = useField(path, member.field);
	const items = Array.isArray(value) ? value : [];
	// What an import brought beyond that is not drawn; the server says that it is too much.
	const shown = items.slice(0, list.countMax + 1);
	return (
		<fieldset className="form-list" id={id}>
			<legend>
				{labelOf(member.name)} <span className="soft tiny">at most {list.countMax}</span>
			</legend>
			<Faults id={id} faults={faults} />
			{shown.map((_, at) => (
				<ListItem
					key={at}
					ask={ask}
					of={list.of}
					path={[...path, at]}
					remove={() => change(items.toSpliced(at, 1))}
				/>
			))}
			<button
				type="button"
				className="button"
				disabled={items.length >= list.countMax}
				onClick={() => change([...items, {}])}
			>
				Add one
			</button>
		</fieldset>
	);
}
