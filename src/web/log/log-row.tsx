import { memo } from "react";
import { SeatMark } from "../room/seat-mark.tsx";
import type { Entry } from "../state/entry.ts";
import { summaryCharsMax, summaryOf } from "./summary-of.ts";

type Props = { readonly entry: Entry; readonly open: boolean; readonly show: (entry: Entry) => void };

/** One line of the log; opens the event as it is. */
export const LogRow = memo(function LogRow({ entry, open, show }: Props) {
	const { seq, at, type, agent, pieces, text, event } = entry;
	return (
		<li>
			<button type="button" className="log-row" aria-expanded={open} onClick={() => show(entry)} data-type={type}>
				<span className="log-seq numeric">{seq}</span>
				<time className="log-time numeric" dateTime={at}>
					{at.slice(11, 19)}
				</time>
				<span className="log-agent">{agent !== null && <SeatMark agent={agent} />}</span>
				<span className="log-type mono">{type}</span>
				<span className="log-text" dir="auto">
					{text === "" ? summaryOf(event) : text.slice(0, summaryCharsMax)}
				</span>
				{pieces > 1 && <span className="chip numeric">{pieces}</span>}
			</button>
		</li>
	);
});
