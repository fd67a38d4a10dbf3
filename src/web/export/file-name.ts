/** A name for a session's file that every system takes, in whatever language the question is. */
export function fileNameOf(question: string, ending: string): string {
	const letters = question.slice(0, 1_000).normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
	const plain = letters.replace(/[^a-z0-9]+/g, "-").replace(/^-/, "");
	return `${`massgen-${plain.slice(0, 60)}`.replace(/-+$/, "")}.${ending}`;
}
