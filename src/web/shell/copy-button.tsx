import { useEffect, useState } from "react";

const shownMs = 1_500;

/** Copies a text; says for a moment that it did. */
export function CopyButton({ text, what }: { readonly text: string; readonly what: string }) {
	const [said, setSaid] = useState<"Copied" | "Not copied" | null>(null);
	useEffect(() => {
		if (said === null) return;
		const timer = setTimeout(() => setSaid(null), shownMs);
		return () => clearTimeout(timer);
	}, [said]);
	const copy = () => {
		navigator.clipboard.writeText(text).then(
			() => setSaid("Copied"),
			() => setSaid("Not copied"),
		);
	};
	return (
		<button type="button" className="copy-button" onClick={copy}>
			{said ?? "Copy"}
			<span className="unseen"> {what}</span>
		</button>
	);
}
