import { useState } from "react";

const shortCharsMax = 600;

/** A text of whatever length; a long one is folded, and unfolds in a box of its own. */
export function LongText({ text }: { readonly text: string }) {
	const [whole, setWhole] = useState(false);
	if (text.length <= shortCharsMax)
		return (
			<p className="long-text" dir="auto">
				{text}
			</p>
		);
	return (
		<>
			<p className="long-text" dir="auto" data-whole={whole}>
				{whole ? text : `${text.slice(0, shortCharsMax)}…`}
			</p>
			<button
				type="button"
				className="button plain more-text"
				aria-expanded={whole}
				onClick={() => setWhole(!whole)}
			>
				{whole ? "Less" : "Whole text"}
			</button>
		</>
	);
}
