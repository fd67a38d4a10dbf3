import { useContext } from "react";
import { SeatsContext } from "../state/room.ts";
import { hueOf } from "./seats.ts";

/** An agent as a small mark: the colour of its seat and the beginning of its id. Whoever is not of the team has no colour. */
export function SeatMark({ agent }: { readonly agent: string | null }) {
	const seat = useContext(SeatsContext).indexOf(agent ?? "") + 1;
	return (
		<span
			className="seat seat-mark"
			style={{ "--hue": hueOf(seat) }}
			data-none={seat === 0 || undefined}
			title={agent ?? "judge"}
		>
			{(agent ?? "?").slice(0, 2)}
		</span>
	);
}
