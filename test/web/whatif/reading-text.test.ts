import { expect, test } from "vitest";
import type { WhatIf } from "../../../src/consensus/counterfactuals.ts";
import { ifText, moreText } from "../../../src/web/whatif/reading-text.ts";

const same = { winner: "a1.1", same: true };
test.each<[object, string, string]>([
	[
		{ ...same, what: "without_agent", agent: "ann", agreement: 0.5 },
		"If ann had neither answered nor voted",
		"50 % would have agreed.",
	],
	[
		{ winner: null, same: false, what: "without_agent", agent: "ann", agreement: 0 },
		"If ann had neither answered nor voted",
		"",
	],
	[{ ...same, what: "latest_of_equals" }, "If the latest of equally supported answers won, not the earliest", ""],
	[{ ...same, what: "self_votes_count" }, "If votes for one's own answer counted as much as others'", ""],
	[
		{ ...same, what: "stop", rule: "agreed", at_seq: 12, spared: 1 },
		"If the team had stopped once enough agreed",
		"It would have ended at event 12: 1 call ended later.",
	],
	[
		{ ...same, what: "stop", rule: "all", at_seq: null, spared: 0 },
		"If the team had waited for every vote",
		"It would not have ended before it did.",
	],
])("%o", (reading, rule, more) => {
	expect([ifText(reading as WhatIf), moreText(reading as WhatIf)]).toEqual([rule, more]);
});
