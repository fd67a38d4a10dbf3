import "../tabs/parts.css";
import "./cost.css";
import { useDeferredValue, useMemo } from "react";
import { receiptOf } from "../../consensus/receipt.ts";
import { useShownEvents } from "../replay/use-shown-events.ts";
import { countText, dollarsText } from "../room/figures.ts";
import { useRoom } from "../state/room.ts";
import { AgentSums } from "./agent-sums.tsx";
import { gaugesOf } from "./budgets.ts";
import { GaugeBars } from "./gauge-bars.tsx";
import { ReceiptTable } from "./receipt-table.tsx";
import { Savings } from "./savings.tsx";
import { cachedText, sumOf } from "./sums.ts";

/** What the session has cost, call by call, and what it was good for: read from its log, so it tells of each moment. */
export function CostTab() {
	const { view } = useRoom().session;
	const events = useDeferredValue(useShownEvents());
	const { calls, totals, saved } = useMemo(() => receiptOf(events), [events]);
	const gauges = useMemo(() => gaugesOf(events), [events]);
	const sum = sumOf(calls);
	const figures = [
		["Cost", dollarsText(totals.cost_usd)],
		["Calls", String(totals.calls)],
		["Tokens in", countText(sum.input)],
		["Tokens out", countText(sum.output)],
		["From caches", cachedText(sum)],
		["Changed nothing", String(totals.changed.nothing)],
	] as const;
	return (
		<div className="cost-tab">
			<section className="card part" aria-labelledby="cost-totals">
				<h2 id="cost-totals">Totals</h2>
				<dl className="totals numeric">
					{figures.map(([name, value]) => (
						<div key={name}>
							<dt>{name}</dt>
							<dd>{value}</dd>
						</div>
					))}
				</dl>
				<AgentSums lines={calls} agents={view.agents.map(({ id }) => id)} />
			</section>
			<div className="cost-side">
				<section className="card part" aria-labelledby="cost-saved">
					<h2 id="cost-saved">Saved</h2>
					<Savings saved={saved} />
				</section>
				<section className="card part" aria-labelledby="cost-budget">
					<h2 id="cost-budget">Budget</h2>
					<GaugeBars gauges={gauges} />
				</section>
			</div>
			<section className="card part" aria-labelledby="cost-receipt">
				<h2 id="cost-receipt">Receipt</h2>
				<ReceiptTable lines={calls} />
			</section>
		</div>
	);
}
