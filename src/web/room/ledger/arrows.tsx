import { useContext } from "react";
import type { AgentId } from "../../../consensus/team.ts";
import { SeatsContext } from "../../state/room.ts";
import { hueOf } from "../seats.ts";
import { rowOf, type Arrow, type Standing } from "./ledger.ts";

type Props = {
	readonly agents: readonly AgentId[];
	readonly standings: readonly Standing[];
	readonly arrows: readonly Arrow[];
	readonly rowHeight: number;
	readonly picked: AgentId | null;
	readonly pick: (agent: AgentId | null) => void;
};

const width = 72;

/** The votes as arrows. One that fell breaks, loses its colour and carries a cross. */
export function Arrows({ agents, standings, arrows, rowHeight, picked, pick }: Props) {
	const seats = useContext(SeatsContext);
	const height = rowHeight * Math.max(agents.length, standings.length, 1);
	const middle = (row: number) => (row + 0.5) * rowHeight;
	return (
		<svg className="arrows" width={width} height={height} viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
			{arrows.map(({ voter, answer, standing, seq }) => {
				const row = rowOf(standings, answer);
				if (row === -1) return null;
				const [from, to] = [middle(agents.indexOf(voter)), middle(row)];
				const line = `M2 ${from} C${width / 2} ${from} ${width / 2} ${to} ${width - 8} ${to}`;
				return (
					<g
						key={`${voter} ${seq}`}
						className="arrow seat"
						style={{ "--hue": hueOf(seats.indexOf(voter) + 1) }}
						data-standing={standing}
						data-picked={picked === null ? undefined : picked === voter}
					>
						<path className="line" pathLength={1} d={line} />
						<path className="tip" d={`M${width - 10} ${to - 4.5} l8 4.500 l-8 4.500 z`} />
						{standing !== "counted" && <Cross x={width / 2} y={(from + to) / 2} />}
						{/* As wide as a finger; the voters' marks do the same for keys. */}
						<path
							className="touch"
							d={line}
							onPointerEnter={() => pick(voter)}
							onPointerDown={() => pick(voter)}
							onPointerLeave={() => pick(null)}
						/>
					</g>
				);
			})}
		</svg>
	);
}

function Cross({ x, y }: { readonly x: number; readonly y: number }) {
	return <path className="cross" d={`M${x - 5} ${y - 5} l10 10 M${x + 5} ${y - 5} l-10 10`} />;
}
