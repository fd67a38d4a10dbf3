import { Go } from "./go.tsx";

/** What is shown where there is nothing. */
export function Nowhere({ what }: { readonly what: string }) {
	return (
		<section className="sheet">
			<h1>Nothing here</h1>
			<p className="soft" dir="auto">
				{what}
			</p>
			<p>
				<Go to="/">Ask a team something</Go>
			</p>
		</section>
	);
}
