import { useRoom } from "../state/room.ts";

/** Everything that happened, line by line. */
export function LogTab() {
	const { entries } = useRoom().session;
	return (
		<ol>
			{entries.map(({ seq, type }) => (
				<li key={seq}>
					{seq} {type}
				</li>
			))}
		</ol>
	);
}
