import type { View } from "../../api/view.ts";
import type { Link } from "../state/follow.ts";
import { phaseTitle } from "./phase.ts";

/** What somebody who does not see the page wants to be told of a change; null: nothing. One sentence, the gravest first. */
export function announcementOf(before: View, after: View): string | null {
	if (after.turn !== before.turn) return `Turn ${after.turn} has begun.`;
	if (after.waiting !== null && before.waiting === null) return `Waiting for you: ${after.waiting.detail}`;
	if (after.phase !== before.phase) return `${phaseTitle(after)}.`;
	if (before.sealed && !after.sealed) return "The seal is open: the agents see each other's answers.";
	if (after.attempt !== before.attempt) return `The team begins anew: attempt ${after.attempt}.`;
	const voided = after.ballot.filter(({ seq, what }) => seq > before.last_seq && what === "voided");
	if (voided.length > 0) return `A new answer voided ${voided.length === 1 ? "one vote" : `${voided.length} votes`}.`;
	if (after.leader !== null && after.leader !== before.leader) return `${after.leader} leads.`;
	return null;
}

/** The same of the connection. */
export function linkAnnouncement(before: Link["status"], after: Link["status"]): string | null {
	if (after === "lost" && before !== "lost") return "Connection lost. Trying again.";
	if (before === "lost" && (after === "live" || after === "rest")) return "Connected again. Nothing was missed.";
	return null;
}
