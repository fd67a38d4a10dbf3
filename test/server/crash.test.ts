import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { Brain, Step } from "../support/fake-script.ts";
import { member, newAnswer, shownIn } from "../support/members.ts";
import { npmStart } from "../support/npm-start.ts";
import type { Started } from "../support/start-process.ts";
import { clientOf, eventsOf, openStage } from "../support/server.ts";
import { picked } from "../support/trace.ts";
import { eventIn, sseFrames } from "../support/watching.ts";

let stage: Awaited<ReturnType<typeof openStage>>;
let stateDir: string;
let running: Started | null = null;

beforeAll(async () => {
	stage = await openStage();
	stateDir = await mkdtemp(join(tmpdir(), "massgen-crash-"));
});
afterEach(kill);
afterAll(async () => {
	await stage.close();
	await rm(stateDir, { recursive: true, force: true });
});

async function start(): Promise<Started> {
	running = await npmStart({ ...stage.fake.settings, MASSGEN_STATE: stateDir });
	return running;
}

async function kill(): Promise<void> {
	await running?.kill();
	running = null;
}

const stone = "Stone: it stays where it was put.";
const brick = "Brick, burnt twice.";
const talk: Step = { text: "Well, let me think. ", chunks: 4 };

/** The first time a request comes its stream stays open for good; after that it is answered. */
const stuckOnce = (when: (request: Parameters<Brain>[0]) => boolean, brain: Brain): Brain => {
	let stuck = false;
	return (request) => {
		if (stuck || !when(request)) return brain(request);
		stuck = true;
		return [talk, { hang: true }];
	};
};

test.each<[string, (request: Parameters<Brain>[0]) => boolean, (line: string) => boolean]>([
	["its first answers", (request) => request.tools.length > 0, (line) => line.includes('"agent.text"')],
	[
		"the votes",
		(request) => shownIn(request).length > 0 && request.tools.length > 0,
		(line) => line.includes('"agent.text"'),
	],
	["the final answer", (request) => request.tools.length === 0, (line) => line.includes('"final.text"')],
])(
	"kill -9 while a model streams %s: started again, the session finishes with nobody asking",
	async (_, when, reached) => {
		const a = stuckOnce(when, member({ answers: stone, votesFor: [stone], presents: "Stone it is." }));
		const team = stage.team(
			{ a, b: member({ answers: brick, votesFor: [stone] }) },
			{ limits: { stall_seconds: 600, round_seconds: 600 } },
		);
		const first = await start();
		const { id } = await clientOf(first).createSession({ question: "Of what shall we build?", team });
		const before = await linesUntil(first, id, reached);
		const asked = stage.requestsOf(team, "a").length;
		await kill();

		const second = await start();
		// Only the fake is looked at until it has been asked all there is to ask: nobody asks the session.
		await until(() => stage.requestsOf(team, "a").length >= 4 && stage.requestsOf(team, "b").length >= 2);
		await sleep(500);
		const { status, turns } = await clientOf(second).session(id);
		expect([status, turns.map(({ answer, consensus }) => ({ answer, consensus }))]).toEqual([
			"done",
			[{ answer: "Stone it is.", consensus: true }],
		]);

		const listed = (await clientOf(second).sessions()).sessions.map((session) => [session.id, session.status]);
		expect(listed[0]).toEqual([id, "done"]);
		const lines = (await sseFrames(second, id)).map(({ data }) => data);
		expect(lines.slice(0, before.length)).toEqual(before);
		const events = lines.map(eventIn);
		expect(events.map(({ seq }) => seq)).toEqual(events.map((__, i) => i + 1));
		// Three steps of a and two of b, and the one call that was lost is paid for once more.
		expect(
			picked(events, "call.started")
				.map(({ paid }) => paid)
				.toSorted((x, y) => x - y),
		).toEqual([1, 1, 1, 1, 1, 2]);
		expect(
			picked(events, "call.finished")
				.map(({ outcome }) => outcome)
				.toSorted(),
		).toEqual(["lost", "ok", "ok", "ok", "ok", "ok"]);
		expect(asked + stage.requestsOf(team, "b").length).toBeLessThanOrEqual(6);
		expect(stage.requestsOf(team, "a").length).toBe(4);
		expect(stage.requestsOf(team, "b").length).toBe(2);
		await kill();
	},
);

test("a call that is lost twice is not paid for a third time", async () => {
	const a: Brain = (request) =>
		request.userTexts[0]?.includes("stubborn") === true ? [talk, { hang: true }] : [newAnswer(stone)];
	const team = stage.team({ a }, { limits: { stall_seconds: 600, round_seconds: 600 } });
	const first = await start();
	const { id } = await clientOf(first).createSession({ question: "A stubborn one?", team });
	await linesUntil(first, id, (line) => line.includes('"agent.text"'));
	await kill();
	const second = await start();
	await until(() => stage.requestsOf(team, "a").length === 2);
	await linesUntil(second, id, (line) => line.includes('"agent.text"') && line.includes(".x2"));
	await kill();
	const third = await start();
	const events = await eventsOf({ client: clientOf(third) }, id);
	expect(picked(events, "turn.failed").map(({ reasons }) => reasons.map(({ agent, code }) => [agent, code]))).toEqual(
		[[["a", "lost"]]],
	);
	expect(stage.requestsOf(team, "a").length).toBe(2);

	// The same state, hence the same sessions and the same key; and the next turn is none the worse for it.
	expect([first.key, second.key]).toEqual([third.key, third.key]);
	await clientOf(third).send(id, "And now?");
	expect((await eventsOf({ client: clientOf(third) }, id)).at(-1)?.type).toBe("turn.finished");
	await third.stop();
	running = null;
});

test("the key of a state is its owner's alone", async () => {
	const file = join(stateDir, "key");
	expect((await stat(file)).mode & 0o777).toBe(0o600);
	expect((await readFile(file, "utf8")).trim()).toMatch(/^mg_[\w-]{43}$/);
});

/** The log as a watcher gets it, up to the first line that fits. */
async function linesUntil(server: Started, id: string, fits: (line: string) => boolean): Promise<string[]> {
	for (let framesMax = 4; framesMax < 400; framesMax++) {
		const lines = (await sseFrames(server, id, { framesMax })).map(({ data }) => data);
		if (lines.some(fits)) return lines;
	}
	throw new Error("the line never came");
}

async function until(reached: () => boolean): Promise<void> {
	for (let look = 0; look < 400 && !reached(); look++) await sleep(50);
	expect(reached()).toBe(true);
}
