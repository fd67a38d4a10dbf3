import type { View } from "../../../api/view.ts";
import type { Budget } from "../../../consensus/team.ts";
import { Sheet } from "../../shell/sheet.tsx";
import { SeatMark } from "../seat-mark.tsx";
import { BudgetForm } from "./budget-form.tsx";
import { NextForm } from "./next-form.tsx";
import type { Steering } from "./use-steer.ts";

type Props = {
	readonly view: View;
	/** The one in force; null while it is not known. */
	readonly budget: Budget | null;
	readonly steering: Steering;
	readonly close: () => void;
};

/** The rarer ways to steer. */
export function MoreSheet({ view, budget, steering, close }: Props) {
	const act = async (action: Parameters<Steering["steer"]>[0]) => {
		const taken = await steering.steer(action);
		if (taken) close();
	};
	const members = view.agents.filter(({ status }) => status !== "quarantined");
	return (
		<Sheet title="Steer this turn" close={close}>
			{steering.fault !== null && <p className="notice bad">{steering.fault}</p>}
			<h3>Budget</h3>
			{budget !== null && (
				<BudgetForm
					budget={budget}
					busy={steering.busy}
					raise={(raised) => void act({ action: "budget", budget: raised })}
				/>
			)}
			<h3>Next question</h3>
			<NextForm
				busy={steering.busy}
				send={async (message) => {
					if (await steering.send(message)) close();
				}}
			/>
			<h3>Agents</h3>
			<ul className="plain drop-list">
				{members.map(({ id, model }) => (
					<li key={id}>
						<SeatMark agent={id} />
						<bdi>{id}</bdi>
						<span className="soft tiny mono">{model}</span>
						<button
							type="button"
							className="button bad"
							disabled={steering.busy || members.length === 1}
							onClick={() => void act({ action: "drop_agent", agent: id })}
						>
							Drop
						</button>
					</li>
				))}
			</ul>
			<h3>End</h3>
			<button
				type="button"
				className="button bad"
				disabled={steering.busy}
				onClick={() => void act({ action: "cancel" })}
			>
				Cancel this turn
			</button>
		</Sheet>
	);
}
