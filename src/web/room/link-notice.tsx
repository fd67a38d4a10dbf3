import type { Link } from "../state/follow.ts";

/** Says that the server is away; what is shown stays, and is taken up where it was left. */
export function LinkNotice({ link }: { readonly link: Link }) {
	if (link.status === "lost")
		return (
			<output className="notice warn link-notice">
				<span className="pulse" aria-hidden="true" /> Connection lost. Trying again; nothing will be missed.
			</output>
		);
	if (link.status === "refused") return <output className="notice bad link-notice">{link.problem.detail}</output>;
	return null;
}
