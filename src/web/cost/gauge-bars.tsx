import { counted, dollarsText } from "../room/figures.ts";
import type { Gauge } from "./budgets.ts";

/** Near its cap a bar warns. */
const nearShare = 0.8;

/** What is left of each budget. */
export function GaugeBars({ gauges }: { readonly gauges: readonly Gauge[] }) {
	if (gauges.length === 0) return <p className="soft">Nothing is capped.</p>;
	return (
		<ul className="plain gauges">
			{gauges.map((gauge) => (
				<li key={`${gauge.scope} ${gauge.unit}`} data-near={gauge.share >= nearShare}>
					<span className="gauge-name">
						<bdi>{gauge.scope}</bdi>
					</span>
					<span className="tally-bar" style={{ "--share": Math.min(1, gauge.share) }} aria-hidden="true" />
					<span className="numeric">
						{amountText(gauge.spent, gauge.unit)} of {amountText(gauge.cap, gauge.unit)}
					</span>
				</li>
			))}
		</ul>
	);
}

function amountText(amount: number, unit: Gauge["unit"]): string {
	if (unit === "usd") return dollarsText(amount);
	return unit === "seconds" ? `${Math.round(amount)} s` : counted(amount, unit.slice(0, -1));
}
