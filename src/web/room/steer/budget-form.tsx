import { useState, type FormEvent } from "react";
import type { Budget, Team } from "../../../consensus/team.ts";
import { capOf, noCap } from "../../shell/cap-of.ts";

type Props = {
	readonly team: Team | null;
	readonly busy: boolean;
	readonly raise: (budget: Budget) => void;
};

/** What the session may cost from now on. An empty field has no cap. */
export function BudgetForm({ team, busy, raise }: Props) {
	const [usd, setUsd] = useState(String(team?.budget.usd ?? ""));
	const [tokens, setTokens] = useState(String(team?.budget.tokens ?? ""));
	const [calls, setCalls] = useState(String(team?.budget.calls ?? ""));
	const [fault, setFault] = useState<string | null>(null);
	const set = (event: FormEvent) => {
		event.preventDefault();
		const [dollars, words, times] = [capOf(usd), capOf(tokens), capOf(calls)];
		if (dollars === undefined || words === undefined || times === undefined) return setFault(noCap);
		setFault(null);
		raise({ ...team?.budget, usd: dollars, tokens: words, calls: times });
	};
	return (
		<form className="budget-form" onSubmit={set}>
			<label>
				Dollars
				<input
					className="field"
					inputMode="decimal"
					value={usd}
					onChange={(event) => setUsd(event.target.value)}
				/>
			</label>
			<label>
				Tokens
				<input
					className="field"
					inputMode="numeric"
					value={tokens}
					onChange={(event) => setTokens(event.target.value)}
				/>
			</label>
			<label>
				Calls
				<input
					className="field"
					inputMode="numeric"
					value={calls}
					onChange={(event) => setCalls(event.target.value)}
				/>
			</label>
			<button className="button" disabled={busy}>
				Set
			</button>
			{fault !== null && (
				<p className="notice bad" role="alert">
					{fault}
				</p>
			)}
		</form>
	);
}
