/**
 * What databases say when the disk, not the words, is at fault: it is full, it breaks, it is not ours any more. A row that
 * is too long (SQLITE_TOOBIG) is none: it would not fit tomorrow either.
 */
const signs = [
	/SQLITE_(?:FULL|IOERR|READONLY|CANTOPEN|NOMEM|BUSY|LOCKED)/,
	/disk (?:is )?full/i,
	/disk I\/O error/i,
	/storage limit/i,
	/exceeded (?:its|the|maximum) storage|storage (?:quota|capacity)/i,
	/(?:readonly|read-only) database/i,
	/storage operation exceeded timeout/i,
] as const;

const detailCharsMax = 200;

/** What the disk said, at most 200 characters of it; null where it is not at fault. */
export function diskFault(error: unknown): string | null {
	if (!(error instanceof Error)) return null;
	const { message } = error;
	return signs.some((sign) => sign.test(message)) ? message.slice(0, detailCharsMax) : null;
}
