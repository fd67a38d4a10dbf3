import { useRoom } from "../state/room.ts";

/** The team at work, and its answer. */
export function AnswerTab() {
	const { view } = useRoom().session;
	return (
		<div className="sheet">
			<p dir="auto">{view.question}</p>
			<p dir="auto">{view.final}</p>
		</div>
	);
}
