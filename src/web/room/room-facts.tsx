import { useRoom } from "../state/room.ts";
import { useNow } from "../state/use-now.ts";
import { clockText, countText, dollarsText } from "./figures.ts";
import { isRunning } from "./phase.ts";
import { PhaseSteps } from "./phase-steps.tsx";

/** Where the turn stands, how long it took and what it cost. */
export function RoomFacts() {
	const { session, seat, moment } = useRoom();
	const { view, turnStartedAt, turnEndedAt } = session;
	const clock = useNow(moment === null && isRunning(view) && view.waiting === null);
	const now = moment === null ? clock : Date.parse(moment);
	const since = turnStartedAt === null ? 0 : Date.parse(turnStartedAt);
	const until = turnEndedAt === null ? now : Date.parse(turnEndedAt);
	const { cost_usd, input, output } = view.spent;
	return (
		<div className="room-facts">
			<PhaseSteps view={view} />
			<dl className="figures numeric">
				<Figure name="Time" value={since === 0 ? "0:00" : clockText(until - since)} />
				<Figure name="Cost" value={dollarsText(cost_usd)} />
				<Figure name="Tokens" value={countText(input + output)} />
				<Figure name="Team" value={view.team} />
			</dl>
			{seat === null && <span className="chip accent">Read only</span>}
		</div>
	);
}

function Figure({ name, value }: { readonly name: string; readonly value: string }) {
	return (
		<div>
			<dt>{name}</dt>
			<dd>
				<bdi>{value}</bdi>
			</dd>
		</div>
	);
}
