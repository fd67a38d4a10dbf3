import { expect, test } from "vitest";
import { teamOf } from "../consensus/scenario.ts";
import { rig } from "./rig.ts";

/** A model that says a word whenever it is told to. */
function speaking() {
	let word = Promise.withResolvers<void>();
	const says = () => {
		word.resolve();
		word = Promise.withResolvers<void>();
	};
	const session = rig(async function* speaks(_, signal) {
		// Bounded by the test: each word is asked for.
		while (!signal.aborted) {
			await word.promise;
			yield [{ type: "text", text: "word " }];
		}
	});
	return { session, says };
}

const hour = { round_seconds: 3600, turn_seconds: 7200, stall_seconds: 600 };

test("text is committed less often late in a turn, and as often as at first when a person asks again", async () => {
	const { session, says } = speaking();
	session.open(teamOf({ agents: 1, limits: hour }));
	await session.pass(1_000);
	const texts = () => session.log().filter(({ type }) => type === "agent.text").length;
	/** How many words of two are in the log: the second comes right after the first was written. */
	const written = async () => {
		const before = texts();
		says();
		await session.pass(150);
		says();
		await session.pass(300);
		return texts() - before;
	};
	const atFirst = await written();
	for (let flush = 0; flush < 150; flush += 1) {
		says();
		await session.pass(1_000);
	}
	const late = await written();
	await session.pass(1_000);
	session.runner.submit({ type: "cancel" }, { type: "message", text: "And?" });
	await session.pass(1_000);
	expect([atFirst, late, await written()]).toEqual([2, 1, 2]);
	session.runner.stop();
});
