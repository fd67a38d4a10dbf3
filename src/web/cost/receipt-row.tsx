import type { ReceiptLine } from "../../consensus/receipt.ts";
import { dollarsText } from "../room/figures.ts";
import { SeatMark } from "../room/seat-mark.tsx";
import { cachedText } from "./sums.ts";

const changes = {
	new_answer: "a new answer",
	vote: "a vote",
	presentation: "the final answer",
	ruling: "a ruling",
	nothing: "nothing",
} as const satisfies Record<ReceiptLine["changed"], string>;

/** One call: what it used, what it cost and what it was good for. */
export function ReceiptRow({ line }: { readonly line: ReceiptLine }) {
	const { call, turn, agent, purpose, provider, model, outcome, usage, changed } = line;
	const who = agent ?? "judge";
	return (
		<tr title={call}>
			<th scope="row">
				<SeatMark agent={agent} /> <bdi>{who}</bdi>
			</th>
			<td>
				{purpose} <span className="soft tiny">turn {turn}</span>
			</td>
			<td className="receipt-model">
				<bdi>{model}</bdi> <span className="soft tiny">{provider}</span>
			</td>
			<Used usage={usage} />
			<td>{costText(line)}</td>
			<td>
				{changes[changed]}
				{outcome !== null && outcome !== "ok" && <span className="chip warn">{outcome}</span>}
			</td>
		</tr>
	);
}

function Used({ usage }: Pick<ReceiptLine, "usage">) {
	const input = usage?.input ?? 0;
	return (
		<>
			<td>{usage?.input ?? "–"}</td>
			<td>{cachedText({ input, cached: usage?.cached ?? 0 })}</td>
			<td>{usage?.output ?? "–"}</td>
		</>
	);
}

function costText({ outcome, provider, cost_usd }: ReceiptLine): string {
	if (outcome === null) return "open";
	return provider === "demo" ? "free" : dollarsText(cost_usd);
}
