import type { Team } from "../../consensus/team.ts";
import { counted } from "../room/figures.ts";

type Props = {
	readonly teams: readonly Team[];
	readonly builtIn: readonly string[];
	readonly open: string | null;
	readonly show: (team: Team) => void;
};

/** The teams there are. */
export function TeamList({ teams, builtIn, open, show }: Props) {
	return (
		<ul className="plain team-list" aria-label="Teams">
			{teams.map((team) => (
				<li key={team.name}>
					<button type="button" aria-pressed={team.name === open} onClick={() => show(team)}>
						<strong>
							<bdi>{team.name}</bdi>
						</strong>
						<span className="soft tiny">
							{counted(team.agents.length, "agent")}
							{builtIn.includes(team.name) && ", built in"}
						</span>
					</button>
				</li>
			))}
		</ul>
	);
}
