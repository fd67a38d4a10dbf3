import type { Path } from "./document.ts";
import type { Member } from "./field.ts";
import type { AskProps } from "./field-props.ts";

type Props = AskProps & { readonly members: readonly Member[]; readonly path: Path };

/** The fields of a group, those that hold others last. */
export function Members({ members, path, ask }: Props) {
	const nested = (member: Member) => member.field.kind === "group" || member.field.kind === "list";
	return (
		<div className="form-members">
			{members
				.toSorted((a, b) => Number(nested(a)) - Number(nested(b)))
				.map((member) => ask(member, [...path, member.name]))}
		</div>
	);
}
