import { endingMs } from "../../durable-objects/run/clocks.ts";
import { describe, expect, test } from "vitest";
import type { ModelEvent } from "../../src/backends/backend.ts";
import type { SessionEvent } from "../../src/consensus/events.ts";
import type { Budget, Caps } from "../../src/consensus/team.ts";
import { teamOf, type Options } from "../consensus/scenario.ts";
import { png } from "../support/attachments.ts";
import { abandoned, answering, failing, rig, type Rig, type Script } from "./rig.ts";

const caps = (more: Partial<Caps>): Caps => ({ usd: null, tokens: null, calls: null, ...more });
const limits = { output_tokens_per_call: 8_000 };
const team = (budget: Partial<Budget>, more: Options = {}) => teamOf({ agents: 3, limits, budget, ...more });
const stuck: Script = async function* stuck(_, signal) {
	yield [];
	await abandoned(signal);
};
const using = (output: number, events: readonly ModelEvent[]): readonly ModelEvent[] => [
	{ type: "usage", usage: { input: 1_000, output, cached: null, reasoning: null } },
	...events,
];
const of = <T extends SessionEvent["type"]>(session: Rig, type: T) =>
	session.log().filter((event): event is SessionEvent & { type: T } & typeof event => event.type === type);
/** What each call was said to use at most, less its input. */
const outputs = (session: Rig) => session.requests.map(({ outputTokensMax }) => outputTokensMax);

describe("P9: a call's worst case is known before it leaves", () => {
	test("where tokens or dollars are capped, of whatever scope, and nowhere else", async () => {
		const worsts = [];
		for (const budget of [
			{},
			{ calls: 9 },
			{ tokens: 90_000 },
			{ usd: 9 },
			{ session: caps({ tokens: 90_000 }) },
			{ agent: caps({ usd: 9 }) },
		]) {
			const session = rig(stuck, { priceOf: (_, { output }) => (output ?? 0) / 8_000 });
			session.open(team(budget, { agents: 1 }));
			await session.settle();
			worsts.push(of(session, "call.started").map(({ worst }) => worst?.usd ?? null));
		}
		expect(worsts).toEqual([[null], [null], [1], [1], [1], [1]]);
	});

	test("it is the request that leaves, with all of its output", async () => {
		const session = rig(stuck);
		session.open(team({ tokens: 90_000 }, { agents: 1 }));
		await session.settle();
		const [request] = session.requests;
		const bytes = JSON.stringify([request?.system, request?.tools, request?.messages]).length;
		const tokens = of(session, "call.started")[0]?.worst?.tokens ?? 0;
		expect([tokens - 8_000 >= bytes / 2, tokens - 8_000 < bytes / 2 + 100]).toEqual([true, true]);
	});

	test("a file that comes in the same commit counts as well", async () => {
		const session = rig(stuck);
		const attachments = [png("a.png", 900)];
		session.runner.submit({
			type: "open",
			team: team({ tokens: 90_000 }, { agents: 1 }),
			seed: 7,
			question: "?",
			attachments,
		});
		await session.settle();
		expect([session.crashes, (of(session, "call.started")[0]?.worst?.tokens ?? 0) > 14_000]).toEqual([[], true]);
	});
});

describe("P9: spend passes a cap only where a call uses more than its worst", () => {
	test("what does not fit beside those in flight waits, and leaves when they have used less", async () => {
		const ends: (() => void)[] = [];
		const session = rig(async function* waits(_, signal) {
			await Promise.race([new Promise<void>((resolve) => ends.push(resolve)), abandoned(signal)]);
			yield using(10, answering(`A${ends.length}`));
		});
		session.open(team({ tokens: 22_000 }));
		await session.settle();
		const inFlight = [session.requests.length];
		for (let end = 0; end < 3; end += 1) {
			ends[end]?.();
			await session.pass(endingMs.most);
			inFlight.push(session.requests.length);
		}
		expect([inFlight, of(session, "limit.reached")]).toEqual([[2, 3, 3, 5], []]);
	});

	test("a cap that pays for nothing ends the turn before anything was sent", async () => {
		const session = rig(stuck);
		session.open(team({ tokens: 500 }));
		await session.settle();
		expect([session.requests.length, of(session, "turn.failed")[0]?.reasons.map(({ code }) => code)]).toEqual([
			0,
			["budget.tokens", "budget.tokens", "budget.tokens"],
		]);
		expect(session.alarmInMs()).toBe(null);
	});

	test("the last call gets as much output as is left", async () => {
		const session = rig(stuck);
		session.open(team({ tokens: 5_000 }, { agents: 1 }));
		await session.settle();
		const [output = 0] = outputs(session);
		expect([output < 5_000, output > 2_000, of(session, "call.started")[0]?.worst?.tokens]).toEqual([
			true,
			true,
			5_000,
		]);
	});

	test("a call without a price does not leave under a cap in dollars", async () => {
		const session = rig(stuck);
		session.open(team({ usd: 100 }));
		await session.settle();
		expect([session.requests.length, of(session, "limit.reached").map(({ limit }) => limit)]).toEqual([
			0,
			["budget.usd"],
		]);
	});

	test("agents whose own budget pays for nothing retire at once, and the rest goes on without a wake-up", async () => {
		const session = rig(async function* first({ messages }) {
			// The longest prompt is that of the agent with a system prompt of its own: the others can afford theirs.
			yield using(10, answering(`A${messages.length}`));
		});
		const agents = team({ agent: caps({ tokens: 3_000 }) }).agents;
		const wordy = agents.map((agent, i) => (i === 0 ? { ...agent, system: "Think. ".repeat(2_000) } : agent));
		session.open({ ...team({ agent: caps({ tokens: 3_000 }) }), agents: wordy });
		await session.settle();
		expect([of(session, "agent.quarantined").map(({ agent, code }) => `${agent} ${code}`)[0]]).toEqual([
			"a budget.agent.tokens",
		]);
		expect([session.requests.length >= 2, of(session, "answer.accepted").length >= 2]).toEqual([true, true]);
	});

	test("what an agent's retirement lets begin leaves in the same commit", async () => {
		const session = rig(async function* wastes({ messages }) {
			yield JSON.stringify(messages).includes("Waste.")
				? using(4_500, [{ type: "end", stop: "end" }])
				: using(10, answering("A"));
		});
		const { agents, ...rest } = team({ agent: caps({ tokens: 6_000 }) });
		session.open({ ...rest, agents: agents.map((agent, i) => (i === 2 ? { ...agent, system: "Waste." } : agent)) });
		await session.settle();
		const second = of(session, "call.started").filter(({ call }) => call.includes(".r2."));
		expect([of(session, "agent.quarantined")[0]?.agent, second.map(({ agent }) => agent).slice(0, 2)]).toEqual([
			"c",
			["a", "b"],
		]);
	});

	test("a call that was lost with its machine is paid at its worst", async () => {
		const first = rig(stuck);
		first.open(team({ tokens: 90_000 }, { agents: 1 }));
		await first.settle();
		const worst = of(first, "call.started")[0]?.worst?.tokens ?? 0;
		const second = rig(stuck, { sql: first.sql, fromMs: 1_000 });
		second.runner.submit({ type: "call.lost", call: of(first, "call.started")[0]?.call ?? ("" as never) });
		const state = second.store.state();
		expect(state.status === "open" && state.current?.spend.tokens).toBe(worst);
	});
});

test("P9: how long a call took is in the log where the seconds of calls are capped, and only there", async () => {
	const took = [];
	for (const budget of [
		{},
		{ seconds: 100 },
		{ session: caps({ seconds: 100 }) },
		{ agent: caps({ seconds: 100 }) },
	]) {
		const session = rig(async function* slow(_, signal) {
			await Promise.race([new Promise((resolve) => ends.push(resolve)), abandoned(signal)]);
			yield failing("auth");
		});
		const ends: ((value: null) => void)[] = [];
		session.open(team(budget, { agents: 1 }));
		await session.pass(7_000);
		ends[0]?.(null);
		await session.settle();
		took.push(of(session, "call.finished").map(({ took_ms: ms = null }) => ms));
	}
	expect(took).toEqual([[null], [null], [7_000], [7_000]]);
});

test("P9: a session whose budget is used up waits with its next turn, and goes on when it is raised", async () => {
	const session = rig(async function* answers() {
		yield using(8_500, answering("A"));
	});
	session.open(team({ session: caps({ tokens: 9_500 }) }, { agents: 1 }));
	await session.settle();
	session.runner.submit({ type: "message", text: "And?" });
	await session.settle();
	const waiting = session.log().at(-1)?.type;
	session.runner.submit({ type: "budget", budget: { ...caps({}), session: caps({ tokens: 90_000 }) } });
	await session.settle();
	expect([waiting, of(session, "turn.finished").length, session.alarmInMs()]).toEqual(["session.waiting", 2, null]);
});

test("P9: a stream that says something for ever ends with its round", async () => {
	let said = 0;
	const session = rig(async function* talks(_, signal) {
		for (; !signal.aborted; said += 1) {
			yield [{ type: "text", text: `${said} ` }];
			await new Promise((resolve) => setImmediate(resolve));
		}
	});
	session.open(teamOf({ agents: 1, limits: { round_seconds: 30, turn_seconds: 900 } }));
	await session.pass(29_999);
	const before = of(session, "turn.failed").length;
	await session.pass(1);
	const after = said;
	await session.pass(10_000);
	expect([before, of(session, "turn.failed")[0]?.reasons.map(({ code }) => code), said <= after + 1]).toEqual([
		0,
		["round_timeout"],
		true,
	]);
});
