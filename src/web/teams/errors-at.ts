import type { FieldError } from "../../api/contract.ts";
import type { Field } from "./field.ts";

/** What is wrong with a field itself: a field without fields of its own also tells what is wrong within it. */
export function errorsAt(errors: readonly FieldError[], path: string, field: Field): readonly string[] {
	const below = path === "" ? "" : `${path}.`;
	return errors.flatMap((error) => {
		if (error.path === path) return [error.message];
		if (!error.path.startsWith(below)) return [];
		const rest = error.path.slice(below.length);
		if (field.kind === "list") return isPlace(rest) ? [] : [`${rest} ${error.message}`];
		if (field.kind !== "group") return [`${rest} ${error.message}`];
		const [name = ""] = rest.split(".");
		// Of a name that the form does not have nobody else would tell.
		return field.members.some((member) => member.name === name) ? [] : [`${rest}: ${error.message}`];
	});
}

/** Whether something within this path is wrong. */
export function hasErrors(errors: readonly FieldError[], path: string): boolean {
	return errors.some((error) => error.path === path || error.path.startsWith(`${path}.`));
}

function isPlace(rest: string): boolean {
	return /^\d+(\.|$)/.test(rest);
}
