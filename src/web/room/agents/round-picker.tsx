import type { Speech } from "../../state/speech.ts";

type Props = { readonly speeches: readonly Speech[]; readonly at: number; readonly pick: (place: number) => void };

/** Which of an agent's rounds is shown, and the way to the others. */
export function RoundPicker({ speeches, at, pick }: Props) {
	const speech = speeches[at];
	const name = speech === undefined ? "" : speech.round === 0 ? "presentation" : `round ${speech.round}`;
	return (
		<footer className="round-picker">
			<button
				type="button"
				className="button plain"
				aria-label="Round before"
				disabled={at <= 0}
				onClick={() => pick(at - 1)}
			>
				‹
			</button>
			<span className="soft tiny numeric">
				{name}
				{speech?.recheck === true && ", votes again"}
				{speech !== undefined && speech.shown.length > 0 && `, saw ${speech.shown.join(" ")}`}
			</span>
			<button
				type="button"
				className="button plain"
				aria-label="Next round"
				disabled={at >= speeches.length - 1}
				onClick={() => pick(at + 1)}
			>
				›
			</button>
		</footer>
	);
}
