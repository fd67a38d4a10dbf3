import { useState, type FormEvent } from "react";
import type { Budget, Caps } from "../../../consensus/team.ts";
import { capOf, noCap } from "../../shell/cap-of.ts";
import { CapFields, type CapTexts } from "./cap-fields.tsx";

type Props = {
	/** The one in force. */
	readonly budget: Budget;
	readonly busy: boolean;
	readonly raise: (budget: Budget) => void;
};

/** What each turn and the whole session may cost from now on. */
export function BudgetForm({ budget, busy, raise }: Props) {
	const [turn, setTurn] = useState(() => textsOf(budget));
	const [session, setSession] = useState(() => textsOf(budget.session ?? null));
	const [fault, setFault] = useState<string | null>(null);
	const set = (event: FormEvent) => {
		event.preventDefault();
		const [ofTurn, ofSession] = [capsOf(turn), capsOf(session)];
		setFault(ofTurn === null || ofSession === null ? noCap : null);
		if (ofTurn === null || ofSession === null) return;
		// A cap in seconds is not shown here and stays as it is.
		raise({ ...budget, ...ofTurn, session: { ...budget.session, ...ofSession } });
	};
	return (
		<form className="budget-form" onSubmit={set}>
			<CapFields of="Each turn" caps={turn} change={setTurn} />
			<CapFields of="Whole session" caps={session} change={setSession} />
			{fault !== null && (
				<p className="notice bad" role="alert">
					{fault}
				</p>
			)}
			<button className="button" disabled={busy}>
				Set budget
			</button>
		</form>
	);
}

function textsOf(caps: Caps | null): CapTexts {
	const text = (cap: number | null | undefined) => String(cap ?? "");
	return { usd: text(caps?.usd), tokens: text(caps?.tokens), calls: text(caps?.calls) };
}

/** Null: one of them is no amount. */
function capsOf(texts: CapTexts): Pick<Caps, "usd" | "tokens" | "calls"> | null {
	const [usd, tokens, calls] = [capOf(texts.usd), capOf(texts.tokens), capOf(texts.calls)];
	return usd === undefined || tokens === undefined || calls === undefined ? null : { usd, tokens, calls };
}
