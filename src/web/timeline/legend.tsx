const signs = [
	["●", "answer"],
	["▶", "vote"],
	["✕", "vote fell"],
	["▲", "failure"],
	["■", "out"],
	["○", "refused"],
	["↑", "informed"],
] as const;

/** What the signs mean. */
export function Legend() {
	return (
		<ul className="plain legend">
			{signs.map(([sign, name]) => (
				<li key={name} className="soft tiny">
					<span aria-hidden="true">{sign}</span> {name}
				</li>
			))}
		</ul>
	);
}
