import { sharedEvent } from "../../src/consensus/shared.ts";
import type { LoggedEvent } from "../../src/consensus/events.ts";

/** Someone who watches with a link in place of the key: whose link, and until when they may without asking again. */
export type Visit = { readonly share: string; readonly untilMs: number };

/** Fewer than may watch in all, so that however many have the link, the owner finds a place. */
export const visitorsMax = 128;
/** Links that were ended lately: a visit that was granted just before is not begun after. */
export const endedSharesMax = 1000;

/** The API's word that a request comes with a link; nobody else reaches the object. */
const visitHeader = "massgen-share";
/** Set on every answer to a visit: one without it comes from an object of a release that would show everything. */
export const visitShown = { "massgen-shared": "yes" } as const;

/** Whose visit this request is; null for the owner's. Written by the API, so the parse is trusted. */
export function visitIn(request: Request): Visit | null {
	const told = request.headers.get(visitHeader);
	if (told === null) return null;
	const [share = "", untilMs] = told.split(" ");
	return { share, untilMs: Number(untilMs) };
}

/** A line of the log as this watcher may see it. */
export function lineFor(visit: Visit | null): (line: string) => string {
	return visit === null ? (line) => line : sharedLine;
}

/** A line of the log as whoever has a link may see it. Written by us, so the parse is trusted. */
export function sharedLine(line: string): string {
	const parsed: unknown = JSON.parse(line);
	return JSON.stringify(sharedEvent(parsed as LoggedEvent));
}
