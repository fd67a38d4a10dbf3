import type { Entry } from "../../state/entry.ts";
import { summaryOf } from "../../log/summary-of.ts";

const steered: ReadonlySet<string> = new Set([
	"note.added",
	"answer_now.requested",
	"budget.changed",
	"agent.quarantined",
	"session.cancelled",
	"session.resumed",
	"session.waiting",
	"turn.queued",
]);
/** How far back an effect is still news. */
const lookedAtMax = 400;

type Props = { readonly entries: readonly Entry[]; readonly queued: readonly string[] };

/** The last thing that steering did, as the event it became. */
export function Effect({ entries, queued }: Props) {
	const latest = entries.slice(-lookedAtMax).findLast(({ type }) => steered.has(type));
	const begun = entries.slice(-lookedAtMax).findLast(({ type }) => type === "turn.started");
	if (latest === undefined || (begun !== undefined && begun.seq > latest.seq)) return null;
	return (
		<output className="effect" key={latest.seq}>
			<span className="chip numeric">#{latest.seq}</span>
			<span dir="auto">
				{latest.agent === null ? "" : `${latest.agent}: `}
				{summaryOf(latest.event)}
			</span>
			{queued.length > 0 && <span className="chip">{queued.length} waiting</span>}
		</output>
	);
}
