import { eventIn } from "../watching.ts";
import type { Followed } from "./follower.ts";
import { teamKinds, type TeamKind } from "./teams.ts";

/** A session at the end of a run: as it was seen, as its log stands, what it paid, and how it goes without a kill. */
export type Ended = Followed & {
	readonly log: readonly string[];
	readonly paid: number;
	readonly openAtKills: number;
	/** Of what it paid, the calls that their provider keeps; `unreachable`: those of them that nobody could take up. */
	readonly resumable: { readonly paid: number; readonly unreachable: number };
	readonly unkilled: { readonly paid: number; readonly resumable: number; readonly end: string };
};

export type Count = {
	readonly sessions: number;
	readonly finished: number;
	/** Events that a client saw and the log does not have, or has another way, or that were skipped. */
	readonly lost_events: number;
	readonly paid: number;
	readonly baseline_paid: number;
	readonly open_at_kills: number;
	/**
	 * The same of the calls that their provider keeps, where no agent was out: `paid_resumable` is `baseline_resumable` and
	 * what was `unreachable`, killed before its handle had left the provider and could be written. Nothing else is paid again.
	 */
	readonly paid_resumable: number;
	readonly baseline_resumable: number;
	readonly unreachable: number;
	/** Sessions in which a call was lost twice, so that its agent was out for the turn (P15). */
	readonly lost_twice: number;
};

/** What a run came to, over all sessions. */
export function countOf(sessions: readonly Ended[]): Count {
	const sum = (of: (session: Ended) => number) => sessions.reduce((total, session) => total + of(session), 0);
	// An agent that is out asks for less, or another one for more.
	const sumOfWhole = (of: (session: Ended) => number) => sum((session) => (isLostTwice(session) ? 0 : of(session)));
	return {
		sessions: sessions.length,
		finished: sum((session) => (isFinished(session) ? 1 : 0)),
		lost_events: sum(lostEvents),
		paid: sum(({ paid }) => paid),
		baseline_paid: sum(({ unkilled }) => unkilled.paid),
		open_at_kills: sum(({ openAtKills }) => openAtKills),
		paid_resumable: sumOfWhole(({ resumable }) => resumable.paid),
		baseline_resumable: sumOfWhole(({ unkilled }) => unkilled.resumable),
		unreachable: sumOfWhole(({ resumable }) => resumable.unreachable),
		lost_twice: sum((session) => (isLostTwice(session) ? 1 : 0)),
	};
}

/** The same by kind of team. */
export function countsOf(sessions: readonly Ended[]): Readonly<Record<TeamKind, Count>> {
	const counts = teamKinds.map((kind) => [kind, countOf(sessions.filter((session) => session.kind === kind))]);
	return Object.fromEntries(counts) as Record<TeamKind, Count>;
}

/** Every way in which a session broke what P15 promises; none if all is well. */
export function faultsOf(sessions: readonly Ended[]): readonly string[] {
	return sessions.flatMap((session) => {
		const { paid, openAtKills, resumable, unkilled } = session;
		const { unreachable } = resumable;
		const name = `session ${session.session} (${session.kind}, ${session.id})`;
		const lost = lostEvents(session);
		const faults = [
			...(isFinished(session) ? [] : ["did not finish"]),
			...(lost === 0 ? [] : [`lost ${lost} events`]),
			...(paid <= unkilled.paid + openAtKills
				? []
				: [`paid ${paid} times, not ${unkilled.paid} and ${openAtKills} that were open at a kill`]),
			...(isLostTwice(session) || resumable.paid === unkilled.resumable + unreachable
				? []
				: [
						`paid ${resumable.paid} times for what is kept, not ${unkilled.resumable} and ${unreachable} out of reach`,
					]),
			...(isLostTwice(session) || (paid >= unkilled.paid && endOf(session.log) === unkilled.end)
				? []
				: [`paid ${paid} times and ended otherwise than without a kill: ${endOf(session.log)}`]),
		];
		return faults.map((fault) => `${name} ${fault}`);
	});
}

/** How a session ended, as far as it is the same in every run. */
export function endOf(lines: readonly string[]): string {
	const last = lines.at(-1);
	if (last === undefined) return "not at all";
	const event = eventIn(last);
	return event.type === "turn.finished"
		? JSON.stringify([event.consensus, event.winner.agent, event.answer])
		: event.type;
}

function isFinished({ log }: Ended): boolean {
	return log.at(-1)?.includes('"type":"turn.finished"') === true;
}

function isLostTwice({ log }: Ended): boolean {
	return log.some((line) => line.includes('"type":"agent.quarantined"') && line.includes('"code":"lost"'));
}

function lostEvents({ lines, log, lost }: Ended): number {
	const gaps = log.filter((line, at) => !line.startsWith(`{"seq":${at + 1},`)).length;
	return lost + gaps + lines.filter((line, at) => log[at] !== line).length;
}
