/** Setup: not built yet. */
export function SetupPage() {
	return (
		<section className="sheet">
			<h1>Setup</h1>
		</section>
	);
}
