import { expect, inject, test } from "vitest";
import { countOf, faultsOf } from "../support/crash/report.ts";
import { crashRun } from "../support/crash/run.ts";

/** P15: `npm run crash` in short. */
test(
	"killed again and again while six sessions run at once, none loses an event or pays for a call twice without need",
	{
		timeout: 120_000,
	},
	async () => {
		const { sessions, listed } = await crashRun({ root: inject("checkout"), kills: 2, seed: 3, told: () => {} });
		const { finished, lost_events, paid, baseline_paid, open_at_kills } = countOf(sessions);
		expect(faultsOf(sessions)).toEqual([]);
		expect({ finished, lost_events, listed }).toEqual({
			finished: sessions.length,
			lost_events: 0,
			listed: sessions.length,
		});
		expect(open_at_kills).toBeGreaterThan(0);
		expect(paid).toBeLessThanOrEqual(baseline_paid + open_at_kills);
	},
);
