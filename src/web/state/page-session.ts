import { emptyView, viewOf, type View } from "../../api/view.ts";
import type { AnswerId, LoggedEvent } from "../../consensus/events.ts";
import type { Budget, Team } from "../../consensus/team.ts";
import { entriesAfter, type Entry } from "./entry.ts";
import { leaderAfter } from "./leader.ts";
import { momentsAfter, type Moment } from "./moments.ts";
import { speechesAfter, type Speech } from "./speech.ts";

/** What the page knows of a session: a fold over its log. `view` is what every front end shows, the rest is the page's own. */
export type PageSession = {
	readonly view: View;
	readonly team: Team | null;
	/** The one in force. */
	readonly budget: Budget | null;
	readonly createdAt: string | null;
	/** When the present turn began, and when it came to rest; null while it runs. */
	readonly turnStartedAt: string | null;
	readonly turnEndedAt: string | null;
	readonly speeches: readonly Speech[];
	/** What moved the votes of the present turn. */
	readonly moments: readonly Moment[];
	/** The answer to be read while there is no final one. */
	readonly leader: AnswerId | null;
	/** Turns before the present one, oldest first, as they ended. */
	readonly past: readonly PastTurn[];
	/** Every event, with streamed pieces of one agent in a row as one entry. */
	readonly entries: readonly Entry[];
	/** So many entries, the oldest, are not kept any more. */
	readonly entriesDropped: number;
};

export type PastTurn = Pick<PageSession, "view" | "speeches" | "moments" | "turnStartedAt" | "turnEndedAt">;

export const entriesMax = 20_000;
export const pastTurnsMax = 50;

export const emptyPageSession: PageSession = {
	view: emptyView,
	team: null,
	budget: null,
	createdAt: null,
	turnStartedAt: null,
	turnEndedAt: null,
	speeches: [],
	moments: [],
	leader: null,
	past: [],
	entries: [],
	entriesDropped: 0,
};

/** The session after more of its log, in its order. Events that came before change nothing. */
export function pageSessionAfter(session: PageSession, events: readonly LoggedEvent[]): PageSession {
	const fresh = events.filter((event) => event.seq > session.view.last_seq);
	if (fresh.length === 0) return session;
	const entries = entriesAfter(session.entries, fresh);
	const surplus = Math.max(0, entries.length - entriesMax);
	return {
		...fresh.reduce(folded, session),
		entries: surplus === 0 ? entries : entries.slice(surplus),
		entriesDropped: session.entriesDropped + surplus,
	};
}

function folded(session: PageSession, event: LoggedEvent): PageSession {
	const view = viewOf(session.view, event);
	return {
		...session,
		...marks(session, event),
		view,
		speeches: speechesAfter(session.speeches, event),
		moments: momentsAfter(session.moments, event),
		// What an answer does to the votes is the next event: until then nobody has lost.
		leader:
			event.type === "answer.accepted" && session.leader !== null
				? session.leader
				: leaderAfter(session.leader, view),
	};
}

/** What an event says of the session and its turns besides the view. */
function marks(session: PageSession, event: LoggedEvent): Partial<PageSession> {
	switch (event.type) {
		case "session.created":
			return { team: event.team, budget: event.team.budget, createdAt: event.at };
		case "budget.changed":
			return { budget: event.budget };
		case "turn.started":
			return { turnStartedAt: event.at, turnEndedAt: null, past: pastWith(session) };
		case "turn.finished":
		case "turn.failed":
		case "session.cancelled":
			return { turnEndedAt: event.at };
		default:
			return {};
	}
}

function pastWith({ past, view, speeches, moments, turnStartedAt, turnEndedAt }: PageSession): readonly PastTurn[] {
	if (view.turn === 0) return past;
	return [...past, { view, speeches, moments, turnStartedAt, turnEndedAt }].slice(-pastTurnsMax);
}
