import { clockText } from "../room/figures.ts";
import { msOf } from "./player.ts";
import { useReplay } from "./replay-context.ts";

const stepsMax = 1_000;
/** More marks than this lie upon each other. */
const marksShownMax = 400;

/** The time of a session as a bar to be drawn along, with marks where answers and votes came and fell. */
export function Scrub() {
	const { recording, count, film, player, act } = useReplay();
	const ms = msOf(player, film);
	const length = Math.max(1, film.lengthMs);
	const every = Math.ceil(film.marks.length / marksShownMax);
	return (
		<div className="scrub">
			<div className="scrub-marks" aria-hidden="true">
				{film.marks.map(
					(mark, i) =>
						i % every === 0 && (
							<i key={mark.seq} data-kind={mark.kind} style={{ "--share": mark.ms / length }} />
						),
				)}
			</div>
			<input
				type="range"
				aria-label="Moment of the session"
				aria-valuetext={`${clockText(ms)} of ${clockText(film.lengthMs)}, event ${count} of ${recording.events.length}`}
				min={0}
				max={length}
				step={Math.max(1, Math.round(length / stepsMax))}
				value={ms}
				onChange={(event) => act({ type: "seek", ms: Number(event.target.value) })}
			/>
		</div>
	);
}
