const nameCharsMax = 64;
const triesMax = 1_000;

/** A name for a copy that no team has yet. */
export function copyName(name: string, taken: readonly string[]): string {
	const stem = name.replace(/-copy(-\d+)?$/, "").slice(0, nameCharsMax - "-copy-1000".length) || "team";
	for (let n = 1; n <= triesMax; n += 1) {
		const candidate = n === 1 ? `${stem}-copy` : `${stem}-copy-${n}`;
		if (!taken.includes(candidate)) return candidate;
	}
	return stem;
}
