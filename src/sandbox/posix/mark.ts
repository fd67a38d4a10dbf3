/**
 * A mark in a machine's files says what it was made as, where the place itself cannot: `incarnation digest`, gone with the
 * files. Scripts for the home of the machine's user.
 */
export const readMark = "cat massgen/mark 2>/dev/null; true";

/** $1: what it says. Whoever comes second finds the first one's: a link is made in one step, and only where there is none. */
export const writeMark = `mkdir -p massgen && draft=$(mktemp massgen/.mark.XXXXXXXX) && printf %s "$1" >"$draft"
ln "$draft" massgen/mark 2>/dev/null; rm -f "$draft"; cat massgen/mark`;
