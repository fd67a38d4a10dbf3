import type { Team } from "../../consensus/team.ts";
import { hueOf } from "../room/seats.ts";

/** Who will answer. */
export function TeamLine({ team }: { readonly team: Team }) {
	return (
		<ul className="plain team-line" aria-label={`Team ${team.name}`}>
			{team.agents.map(({ id, backend, model }, place) => (
				<li key={id} className="seat" style={{ "--hue": hueOf(place + 1) }}>
					<span className="seat-mark" aria-hidden="true">
						{id.slice(0, 2)}
					</span>
					<span className="tiny mono soft" title={backend}>
						{model}
					</span>
				</li>
			))}
		</ul>
	);
}
