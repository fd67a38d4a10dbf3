/** Teams: not built yet. */
export function TeamsPage() {
	return (
		<section className="sheet">
			<h1>Teams</h1>
		</section>
	);
}
