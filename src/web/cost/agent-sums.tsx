import type { ReceiptLine } from "../../consensus/receipt.ts";
import type { AgentId } from "../../consensus/team.ts";
import { countText, dollarsText } from "../room/figures.ts";
import { SeatMark } from "../room/seat-mark.tsx";
import { cachedText, sumOf, type Sum } from "./sums.ts";

type Props = { readonly lines: readonly ReceiptLine[]; readonly agents: readonly AgentId[] };

/** What each agent's calls came to. */
export function AgentSums({ lines, agents }: Props) {
	const judged = lines.some(({ agent }) => agent === null) ? [null] : [];
	const rows = [...agents, ...judged].map((agent) => ({
		agent,
		sum: sumOf(lines.filter((line) => line.agent === agent)),
	}));
	const dearest = Math.max(0, ...rows.map(({ sum }) => weightOf(sum)));
	return (
		<ul className="plain agent-sums">
			{rows.map(({ agent, sum }) => (
				<li key={agent ?? "judge"}>
					<SeatMark agent={agent} />
					<bdi className="gauge-name">{agent ?? "judge"}</bdi>
					<span
						className="tally-bar"
						style={{ "--share": dearest === 0 ? 0 : weightOf(sum) / dearest }}
						aria-hidden="true"
					/>
					<span className="numeric">
						{dollarsText(sum.cost_usd)}{" "}
						<span className="soft tiny">
							{sum.calls} × · {countText(sum.input)} in, {countText(sum.output)} out, {cachedText(sum)}{" "}
							cached
						</span>
					</span>
				</li>
			))}
		</ul>
	);
}

/** By dollars where there are some, else by tokens. */
function weightOf({ cost_usd, input, output }: Sum): number {
	return cost_usd === null || cost_usd === 0 ? (input + output) * 1e-9 : cost_usd;
}
