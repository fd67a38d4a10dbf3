import { counted, dollarsText } from "../room/figures.ts";
import type { Saved } from "../../consensus/receipt.ts";

/** What did not have to be paid, and why. */
export function Savings({ saved }: { readonly saved: Saved }) {
	const { caches_usd, early_stop, pooling, copies } = saved;
	const rows = [
		["Caches", dollarsText(caches_usd), "against the same input without them"],
		[
			"Early stop",
			counted(early_stop.rounds, "round"),
			`not waited for, and ${counted(early_stop.calls, "call")} stopped on the way`,
		],
		[
			"Pooling",
			counted(pooling.answers, "answer"),
			`that said the same as another and needed no votes of their own; they shared ${counted(pooling.votes, "vote")}`,
		],
		["Copies", counted(copies, "vote"), "cast by giving an answer that stood already"],
	] as const;
	return (
		<dl className="savings">
			{rows.map(([name, amount, why]) => (
				<div key={name}>
					<dt>{name}</dt>
					<dd>
						<strong className="numeric">{amount}</strong> <span className="soft">{why}</span>
					</dd>
				</div>
			))}
		</dl>
	);
}
