/** Shown of it while it grows. */
const glimpseCharsMax = 240;

/** What an agent thinks, folded; its end shows while nothing else is there to see. */
export function Reasoning({ text, open }: { readonly text: string; readonly open: boolean }) {
	return (
		<details className="reasoning">
			<summary>
				{open ? "Thinking" : "Thoughts"}
				{open && (
					<span className="glimpse" aria-hidden="true" dir="auto">
						{text.slice(-glimpseCharsMax)}
					</span>
				)}
			</summary>
			<p dir="auto">{text}</p>
		</details>
	);
}
