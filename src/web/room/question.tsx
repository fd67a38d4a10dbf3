import { useState } from "react";

/** A longer question is folded. */
const shortCharsMax = 180;

/** What was asked. */
export function Question({ text }: { readonly text: string }) {
	const [whole, setWhole] = useState(false);
	const long = text.length > shortCharsMax;
	return (
		<div className="question">
			<h1 dir="auto">{long && !whole ? `${text.slice(0, shortCharsMax)}…` : text || "\u00a0"}</h1>
			{long && (
				<button type="button" className="button plain" aria-expanded={whole} onClick={() => setWhole(!whole)}>
					{whole ? "Less" : "Whole question"}
				</button>
			)}
		</div>
	);
}
