import type { View } from "../../../api/view.ts";
import { SeatMark } from "../seat-mark.tsx";

/** Why there is no more to come, where that is not plain from the answer. */
export function Ending({ view }: { readonly view: View }) {
	if (view.waiting !== null)
		return (
			<p className="notice warn" dir="auto">
				{view.waiting.detail}
			</p>
		);
	if (view.phase === "cancelled") return <p className="notice">This turn was cancelled.</p>;
	if (view.phase !== "failed") return view.limit === null ? null : <p className="notice warn">Limit: {view.limit}</p>;
	return (
		<div className="notice bad">
			<p>No agent could answer.</p>
			<ul className="plain">
				{view.reasons.map(({ agent, code, message }) => (
					<li key={agent} dir="auto">
						<SeatMark agent={agent} /> <code>{code}</code> {message}
					</li>
				))}
			</ul>
		</div>
	);
}
