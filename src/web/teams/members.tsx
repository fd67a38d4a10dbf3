import type { Path } from "./document.ts";
import type { Member } from "./field.ts";
import { FormField } from "./form-field.tsx";

/** The fields of a group, those that hold others last. */
export function Members({ members, path }: { readonly members: readonly Member[]; readonly path: Path }) {
	const nested = (member: Member) => member.field.kind === "group" || member.field.kind === "list";
	return (
		<div className="form-members">
			{members
				.toSorted((a, b) => Number(nested(a)) - Number(nested(b)))
				.map((member) => (
					<FormField key={member.name} member={member} path={[...path, member.name]} />
				))}
		</div>
	);
}
