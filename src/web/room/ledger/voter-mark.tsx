import type { AgentId } from "../../../consensus/team.ts";
import { SeatMark } from "../seat-mark.tsx";
import type { Arrow } from "./ledger.ts";

type Props = {
	readonly agent: AgentId;
	readonly arrow: Arrow | null;
	readonly picked: boolean;
	readonly pick: (agent: AgentId | null) => void;
};

const said = { counted: "votes for", voided: "had voted for", suspended: "voted, not counted now, for" } as const;

/** A voter: at a touch, a look or a focus its arrow stands out and its reason shows. */
export function VoterMark({ agent, arrow, picked, pick }: Props) {
	const name = arrow === null ? `${agent} has not voted` : `${agent} ${said[arrow.standing]} ${arrow.answer}`;
	return (
		<button
			type="button"
			className="voter"
			data-standing={arrow?.standing ?? "none"}
			aria-label={name}
			aria-pressed={picked}
			disabled={arrow === null}
			onClick={() => pick(agent)}
			onFocus={() => pick(agent)}
			onMouseEnter={() => pick(agent)}
			onMouseLeave={() => pick(null)}
		>
			<SeatMark agent={agent} />
		</button>
	);
}
