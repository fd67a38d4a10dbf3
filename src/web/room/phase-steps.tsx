import type { View } from "../../api/view.ts";
import { phaseTitle, stepOf, steps } from "./phase.ts";

/** The way of a turn, and how far it has come. */
export function PhaseSteps({ view }: { readonly view: View }) {
	const step = stepOf(view);
	const at = step === null ? -1 : steps.indexOf(step);
	const tone = view.waiting === null ? view.phase : "waiting-for-you";
	return (
		<div className="phase" data-phase={tone}>
			<ol className="plain" aria-hidden="true">
				{steps.map((name, place) => (
					<li key={name} data-is={place < at ? "past" : place === at ? "now" : "to-come"} />
				))}
			</ol>
			<strong>{phaseTitle(view)}</strong>
			{view.attempt > 1 && <span className="chip">attempt {view.attempt}</span>}
		</div>
	);
}
