import { useContext } from "react";
import { SeatsContext } from "../state/room.ts";
import { hueOf } from "./seats.ts";

/** An answer's id, like `a2.1`, in the colour of its author's seat. */
export function AnswerName({ answer }: { readonly answer: string }) {
	const seats = useContext(SeatsContext);
	const seat = Number(answer.split(".")[0]?.slice(1));
	const author = seats[seat - 1] ?? "";
	return (
		<span className="seat answer-name numeric" style={{ "--hue": hueOf(seat) }} title={`${answer}, by ${author}`}>
			{answer}
		</span>
	);
}
