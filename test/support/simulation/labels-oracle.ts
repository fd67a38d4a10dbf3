import { hold } from "./breach.ts";
import type { Core } from "./core.ts";
import type { Scenario } from "./scenario.ts";

/** P5: what can be told of labels without knowing how they are drawn. */
export function labelsHold(core: Core, { team, labelSeed }: Scenario): void {
	const seats = team.agents.length;
	const names = Array.from({ length: seats }, (_, i) => `answer_${i + 1}`)
		.toSorted()
		.join();
	const places = Array.from({ length: seats }, (_, i) => i).join();
	const drawn = (seed: number) => Array.from({ length: seats + 1 }, (_, voter) => core.labelsOf(seed, voter, seats));
	const now = drawn(labelSeed);
	for (const { ofSeat, order } of now) {
		hold(ofSeat.toSorted().join() === names, "I9", `the labels are ${ofSeat.join()}`);
		hold(order.toSorted((a, b) => a - b).join() === places, "I9", `the order is ${order.join()}`);
	}
	hold(JSON.stringify(now) === JSON.stringify(drawn(labelSeed)), "I9", "the labels change within a session");
	// With fewer seats or voters, chance alone makes some teams' labels equal.
	if (seats < 5) return;
	const differ = (rows: readonly string[]) => new Set(rows).size > 1;
	hold(differ(now.map(({ ofSeat }) => ofSeat.join())), "I9", "every voter has the same labels");
	hold(differ(now.map(({ order }) => order.join())), "I9", "every voter is shown the same order");
	const byLabel = now.map(({ ofSeat, order }) => order.map((seat) => ofSeat[seat]).join());
	hold(differ(byLabel), "I9", "the order follows the labels");
	hold(
		JSON.stringify(now) !== JSON.stringify(drawn(labelSeed ^ 0x5bd1e995)),
		"I9",
		"every session has the same labels",
	);
}
