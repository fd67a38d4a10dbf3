/** Sessions: not built yet. */
export function SessionsPage() {
	return (
		<section className="sheet">
			<h1>Sessions</h1>
		</section>
	);
}
