import { describe, expect, test } from "vitest";
import { bootsMax, isHopeless, readsMax } from "../../durable-objects/store/boots.ts";
import type { Resume } from "../../src/backends/backend.ts";
import { bootOf, dead, done, handle, lines, presented, providing, stuck } from "./restart.ts";
import { abandoned, answering, failing, replies, type Rig } from "./rig.ts";

describe("P15: a crash loop", () => {
	const crashing = async (boots: number, resume: Resume | null = null): Promise<Rig> => {
		let last = await dead(stuck(handle));
		for (let boot = 1; boot <= boots; boot += 1) {
			last = bootOf(last, stuck(), resume ?? stuckResume, 2_000 * boot);
			await last.settle();
		}
		return last;
	};
	const stuckResume: Resume = async function* reply(_, __, signal) {
		yield [{ type: "restart" }];
		await abandoned(signal);
	};
	const suspended = ({ store }: Rig) => {
		const state = store.state();
		return state.status === "open" ? (state.current?.waiting?.for ?? null) : null;
	};

	test.each([
		[bootsMax - 1, null],
		[bootsMax, "suspended"],
	])("%i boots without a finished call: %s", async (boots, waiting) => {
		expect(suspended(await crashing(boots))).toBe(waiting);
	});

	test("a call that was lost is no progress, one that has ended is", async () => {
		const first = bootOf(await dead(stuck()), stuck());
		await first.settle();
		const second = bootOf(first, stuck(), null, 4_000);
		const failed = bootOf(await dead(stuck()), replies(failing("server")));
		await failed.settle();
		const after = bootOf(failed, stuck(), null, 2_050);
		expect([first, second, failed, after].map(({ store }) => store.bootsInVain)).toEqual([1, 2, 1, 1]);
	});

	test("suspended, nothing is asked, paid or waked for", async () => {
		const last = await crashing(bootsMax);
		await last.pass(3_600_000);
		expect([last.requests.length, last.alarmInMs(), last.givenUp]).toEqual([0, null, []]);
		expect(lines(last).filter((line) => line.startsWith("paid"))).toEqual(["paid 1"]);
	});

	test("suspended, it is read again and again and still can be waked: for what it has to send, say", async () => {
		let last = await crashing(bootsMax);
		for (let boot = 1; boot <= readsMax; boot += 1) last = bootOf(last, stuck(), stuckResume, 60_000 * boot);
		expect([suspended(last), isHopeless(last.sql)]).toEqual(["suspended", false]);
	});

	test("resumed, it takes up what was open, and the count begins anew", async () => {
		const provider = providing(answering("42"));
		const last = bootOf(await crashing(bootsMax), stuck(), provider, 60_000);
		await last.settle();
		expect([suspended(last), provider.asked.length]).toEqual(["suspended", 0]);
		last.runner.submit({ type: "resume" });
		await last.settle();
		expect(lines(last).slice(-7)).toEqual(
			[
				"session.resumed",
				"call resumed t1.a1.r1.c1.x1",
				"ok, null tokens",
				...done("42").slice(0, 1),
				...presented,
				"final.text 42",
			]
				.concat(["turn.finished 1 consensus: 42"])
				.slice(-7),
		);
	});

	test("resumed, it may crash as often again", async () => {
		let last = await crashing(bootsMax);
		last.runner.submit({ type: "resume" });
		for (let boot = 1; boot < bootsMax; boot += 1) last = bootOf(last, stuck(), stuckResume, 60_000 * boot);
		expect(suspended(last)).toBe(null);
		last = bootOf(last, stuck(), stuckResume, 600_000);
		expect(suspended(last)).toBe("suspended");
	});

	test("cancelled, its open call is ended at its provider, once", async () => {
		const last = await crashing(bootsMax);
		last.runner.submit({ type: "cancel" });
		await last.settle();
		expect([last.givenUp, lines(last).slice(-2)]).toEqual([
			["h1"],
			["aborted, null tokens", "session.cancelled 1"],
		]);
	});

	test("deleted, too", async () => {
		const last = await crashing(bootsMax);
		last.runner.stop();
		expect(last.givenUp).toEqual(["h1"]);
	});
});
