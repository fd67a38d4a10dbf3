import type { SessionPage } from "../../api/contract.ts";

export type Found = { readonly rows: SessionPage["sessions"]; readonly cursor: string | null };

/** A search may have to look through so many pages before one has something. */
export const searchedPagesMax = 20;

/** The first page from `cursor` on that has something, of at most `pagesMax`. */
export async function found(
	read: (cursor: string | null) => Promise<SessionPage>,
	cursor: string | null,
	pagesMax: number,
): Promise<Found> {
	let from = cursor;
	for (let page = 1; ; page += 1) {
		const { sessions, cursor: next } = await read(from);
		if (sessions.length > 0 || next === null || page >= pagesMax) return { rows: sessions, cursor: next };
		from = next;
	}
}
