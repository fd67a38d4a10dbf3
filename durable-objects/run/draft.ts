import type { LoggedEvent } from "../../src/consensus/events.ts";
import type { WantedCall } from "../../src/consensus/plan.ts";
import { wholeLog, type Sql } from "../store/log.ts";

/** What the call before this one had written when it was lost with its machine; empty where none was. */
export function draftOf(sql: Sql, call: Pick<WantedCall, "id" | "purpose" | "paid">): string {
	const lost = before(call);
	if (lost === null || call.purpose === "judge") return "";
	const [row] = sql.exec<{ state: string }>("SELECT state FROM calls WHERE id = ?", lost).toArray();
	if (row?.state !== "lost") return "";
	return call.purpose === "round" ? saidIn(wholeLog(sql), lost) : presentedBefore(wholeLog(sql));
}

/** Names of calls count the payments of their step; a presentation that was lost is a new try besides. */
function before({ id, purpose, paid }: Pick<WantedCall, "id" | "purpose" | "paid">): string | null {
	if (paid < 2) return null;
	const step = purpose === "presentation" ? id.replace(/\.p(\d+)/, (_, tried) => `.p${Number(tried) - 1}`) : id;
	return step.replace(/\.x\d+$/, `.x${paid - 1}`);
}

function saidIn(log: Iterable<LoggedEvent>, call: string): string {
	let text = "";
	for (const event of log) if (event.type === "agent.text" && event.call === call) text += event.text;
	return text;
}

/** The words of the last try but one. */
function presentedBefore(log: Iterable<LoggedEvent>): string {
	let [previous, current] = ["", ""];
	for (const event of log) {
		if (event.type === "presentation.started") [previous, current] = [current, ""];
		else if (event.type === "final.text") current += event.text;
	}
	return previous;
}
