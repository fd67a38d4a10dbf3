import { unreachable } from "../../std/assert.ts";
import { ChoiceField } from "./choice-field.tsx";
import type { Ask, FieldProps } from "./field-props.ts";
import { FlagField } from "./flag-field.tsx";
import { GroupField } from "./group-field.tsx";
import { JsonField } from "./json-field.tsx";
import { ListField } from "./list-field.tsx";
import { NumberField } from "./number-field.tsx";
import { TextField } from "./text-field.tsx";
import { WordsField } from "./words-field.tsx";

/** A field as its kind wants to be asked for. */
function FormField({ member, path }: FieldProps) {
	const { field } = member;
	switch (field.kind) {
		case "text":
			return <TextField member={member} path={path} long={field.long} />;
		case "number":
			return <NumberField member={member} path={path} range={field.range} />;
		case "choice":
			return <ChoiceField member={member} path={path} options={field.options} />;
		case "flag":
			return <FlagField member={member} path={path} />;
		case "words":
			return <WordsField member={member} path={path} />;
		case "json":
			return <JsonField member={member} path={path} />;
		case "group":
			return <GroupField member={member} path={path} group={field} ask={ask} />;
		case "list":
			return <ListField member={member} path={path} list={field} ask={ask} />;
		default:
			return unreachable(field);
	}
}

/** The same as a function, for forms that hold others. */
export const ask: Ask = (member, path) => <FormField key={member.name} member={member} path={path} />;
