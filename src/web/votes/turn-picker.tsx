import type { PickedTurn } from "./use-turn.ts";

/** Which turn is shown; nothing where there is only one. */
export function TurnPicker({ turns, turn, pick }: Omit<PickedTurn, "view">) {
	if (turns.length < 2) return null;
	return (
		<label className="turn-picker">
			<span className="soft tiny">Turn</span>
			<select className="field" value={turn} onChange={(event) => pick(Number(event.target.value))}>
				{turns.map((number) => (
					<option key={number} value={number}>
						{number}
					</option>
				))}
			</select>
		</label>
	);
}
