import { Go } from "../shell/go.tsx";

type Props = { readonly ask: (question: string) => void; readonly busy: boolean; readonly isDemo: boolean };

/** The demo team computes; these are questions that it can answer. */
const forDemo = ["What is 17*23+4?", "How many days from 2026-01-31 to 2026-03-01?", "What is 5 miles in km?"];
const forModels = [
	"Which is larger, 9.11 or 9.9, and why do models get it wrong?",
	"Argue for and against a four-day week, then decide.",
	"Write a regular expression for ISO 8601 dates and show where it fails.",
];

/** Questions to begin with; one press asks. */
export function Suggestions({ ask, busy, isDemo }: Props) {
	return (
		<section className="suggestions" aria-label="Suggestions">
			<div>
				{(isDemo ? forDemo : forModels).map((question) => (
					<button
						key={question}
						type="button"
						className="button"
						disabled={busy}
						onClick={() => ask(question)}
					>
						{question}
					</button>
				))}
			</div>
			{isDemo && (
				<p className="soft tiny">
					No provider has a key yet, so the built-in demo team answers: it computes and needs none.{" "}
					<Go to="/setup">Add a provider</Go>
				</p>
			)}
		</section>
	);
}
