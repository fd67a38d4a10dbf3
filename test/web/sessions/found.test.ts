import { expect, test } from "vitest";
import type { SessionPage } from "../../../src/api/contract.ts";
import { found, searchedPagesMax } from "../../../src/web/sessions/found.ts";

const row: SessionPage["sessions"][number] = {
	id: "s",
	title: "t",
	team: "demo",
	status: "done",
	created_at: "",
	updated_at: "",
};
/** Pages of which only one has something. */
const pages =
	(full: number, count: number) =>
	async (cursor: string | null): Promise<SessionPage> => {
		const page = Number(cursor ?? 1);
		return { sessions: page === full ? [row] : [], cursor: page === count ? null : String(page + 1) };
	};

test.each<[string, number, number, object]>([
	["the first page is enough where it has something", 1, 5, { rows: [row], cursor: "2" }],
	["empty pages are passed over", 3, 5, { rows: [row], cursor: "4" }],
	["at the end there is nothing", 9, 5, { rows: [], cursor: null }],
	["the last page that is looked at", searchedPagesMax, 99, { rows: [row], cursor: String(searchedPagesMax + 1) }],
	["beyond it a person has to ask on", searchedPagesMax + 1, 99, { rows: [], cursor: String(searchedPagesMax + 1) }],
])("%s", async (_, full, count, expected) => {
	expect(await found(pages(full, count), null, searchedPagesMax)).toEqual(expected);
});
