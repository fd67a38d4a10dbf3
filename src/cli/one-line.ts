/** A message of a build may be long, and a line is read at a terminal. */
const lineCharsMax = 600;
/** How deep causes are told. */
const causesMax = 5;

/** What went wrong, and why, in one line. */
export function oneLine(error: unknown): string {
	const said: string[] = [];
	for (let at = error; at instanceof Error && said.length < causesMax; at = at.cause)
		said.push(at.message || at.name);
	const line = (said.join(": ") || String(error)).replaceAll(/\s+/g, " ").trim();
	return line.slice(0, lineCharsMax);
}
