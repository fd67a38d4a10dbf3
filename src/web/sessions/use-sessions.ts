import { useCallback, useEffect, useState } from "react";
import type { SessionPage } from "../../api/contract.ts";
import type { Client } from "../../api/client.ts";
import { faultText } from "../shell/fault-text.ts";
import { useApi } from "../state/api.ts";
import { found, searchedPagesMax, type Found } from "./found.ts";

export type Row = SessionPage["sessions"][number];

export type Sessions = {
	/** Null until the server has said. */
	readonly page: Found | null;
	readonly fault: string | null;
	/** Which page is shown, from 0. */
	readonly at: number;
	readonly older: () => void;
	readonly newer: () => void;
	readonly rename: (id: string, title: string) => Promise<string | null>;
	readonly remove: (id: string) => Promise<string | null>;
};

const pageSize = 30;
const quietMs = 250;

/** The sessions whose titles have these words, page by page, the newest first. */
export function useSessions(words: string): Sessions {
	const { client } = useApi();
	const [page, setPage] = useState<Found | null>(null);
	const [fault, setFault] = useState<string | null>(null);
	/** Where each page up to this one begins. */
	const [cursors, setCursors] = useState<readonly (string | null)[]>([null]);
	const [searched, setSearched] = useState(words);
	if (searched !== words) {
		setSearched(words);
		setCursors([null]);
	}
	const cursor = cursors.at(-1) ?? null;
	useEffect(() => {
		const gone = new AbortController();
		const timer = setTimeout(
			() =>
				void pageOf(client, words, cursor).then(
					(read) => {
						if (gone.signal.aborted) return;
						setPage(read);
						setFault(null);
					},
					(error: unknown) => gone.signal.aborted || setFault(faultText(error)),
				),
			words === "" ? 0 : quietMs,
		);
		return () => {
			gone.abort();
			clearTimeout(timer);
		};
	}, [client, words, cursor]);
	const change = useCallback((id: string, row: Row | null) => {
		setPage(
			(before) =>
				before && { ...before, rows: before.rows.flatMap((old) => (old.id === id ? (row ?? []) : old)) },
		);
	}, []);
	return {
		page,
		fault,
		at: cursors.length - 1,
		older: () => {
			if (page !== null && page.cursor !== null) setCursors([...cursors, page.cursor]);
		},
		newer: () => setCursors(cursors.slice(0, -1)),
		rename: (id, title) => attempt(async () => change(id, await client.rename(id, title))),
		remove: (id) =>
			attempt(async () => {
				await client.remove(id);
				change(id, null);
			}),
	};
}

function pageOf(client: Client, words: string, cursor: string | null): Promise<Found> {
	return found(
		(from) =>
			client.sessions({
				limit: pageSize,
				...(words !== "" && { q: words }),
				...(from !== null && { cursor: from }),
			}),
		cursor,
		words === "" ? 1 : searchedPagesMax,
	);
}

/** Null, or why it was refused. */
async function attempt(act: () => Promise<void>): Promise<string | null> {
	try {
		await act();
		return null;
	} catch (error) {
		return faultText(error);
	}
}
