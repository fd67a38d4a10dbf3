/** A cap as a person writes it: nothing is no cap. Undefined: it is no amount, and must not pass for none. */
export function capOf(text: string): number | null | undefined {
	const words = text.trim().replace(/^\$/, "").replace(",", ".");
	if (words === "") return null;
	const amount = Number(words);
	return Number.isFinite(amount) && amount > 0 ? amount : undefined;
}

/** What is said of one that is not. */
export const noCap = "A budget is a number above 0, like 0.50; an empty field is no cap.";
