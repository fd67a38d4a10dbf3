import type { WhatIf } from "../../consensus/counterfactuals.ts";
import { counted } from "../room/figures.ts";
import { unreachable } from "../../std/assert.ts";

const rules = {
	all: "had waited for every vote",
	settled: "had stopped once no vote could change the winner",
	agreed: "had stopped once enough agreed",
} as const;

/** The other rule, as the first half of a sentence. */
export function ifText(reading: WhatIf): string {
	switch (reading.what) {
		case "without_agent":
			return `If ${reading.agent} had neither answered nor voted`;
		case "latest_of_equals":
			return "If the latest of equally supported answers won, not the earliest";
		case "self_votes_count":
			return "If votes for one's own answer counted as much as others'";
		case "stop":
			return `If the team ${rules[reading.rule]}`;
		default:
			return unreachable(reading);
	}
}

/** What besides the winner would have been otherwise; empty where nothing is known. */
export function moreText(reading: WhatIf): string {
	if (reading.what === "without_agent")
		return reading.winner === null ? "" : `${Math.round(reading.agreement * 100)} % would have agreed.`;
	if (reading.what !== "stop") return "";
	if (reading.at_seq === null) return "It would not have ended before it did.";
	return `It would have ended at event ${reading.at_seq}: ${counted(reading.spared, "call")} ended later.`;
}
