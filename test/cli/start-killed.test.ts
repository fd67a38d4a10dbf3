import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Brain } from "../support/fake-script.ts";
import { member } from "../support/members.ts";
import { npmStart } from "../support/npm-start.ts";
import type { Started } from "../support/start-process.ts";
import { clientOf, eventsOf, openStage } from "../support/server.ts";

/** Whichever process of `npm start` is killed alone: started again at once, on the same port and state, it goes on. */

let stage: Awaited<ReturnType<typeof openStage>>;
let folder: string;
beforeAll(async () => {
	stage = await openStage();
	folder = await mkdtemp(join(tmpdir(), "massgen-killed-"));
});
afterAll(async () => {
	await stage.close();
	await rm(folder, { recursive: true, force: true });
});

const stone = "Stone: it stays where it was put.";

test.each<["npm" | "node", NodeJS.Signals]>([
	["npm", "SIGTERM"],
	["npm", "SIGKILL"],
	["node", "SIGTERM"],
	["node", "SIGKILL"],
])(
	"%s alone gets %s: the next start has the port, the state and the key, and the session finishes",
	async (which, signal) => {
		const answering = member({ answers: stone, votesFor: [stone], presents: "Stone it is." });
		let stuck = false;
		const a: Brain = (request) => {
			if (stuck) return answering(request);
			stuck = true;
			return [{ text: "Well, let me think. " }, { hang: true }];
		};
		const team = stage.team({ a }, { limits: { stall_seconds: 600, round_seconds: 600 } });
		const environment = {
			...stage.fake.settings,
			MASSGEN_STATE: join(folder, `${which}-${signal}`),
			PORT: String(await freePort()),
		};
		const first = await npmStart(environment);
		const { id } = await clientOf(first).createSession({ question: "Of what shall we build?", team });
		await until(() => stage.requestsOf(team, "a").length === 1);
		await first.signal(which, signal);

		const second = await npmStart(environment);
		const last = (await eventsOf({ client: clientOf(second) }, id)).at(-1)?.type;
		await second.stop();
		expect([second.ready, last]).toEqual([first.ready, "turn.finished"]);
	},
);

test("Node killed with -9 takes the runtime with it within a second", async () => {
	const started = await npmStart({ MASSGEN_STATE: join(folder, "runtime") });
	await started.signal("node", "SIGKILL");
	await sleep(1000);
	expect(await isServed(started)).toBe(false);
});

test.each(["", "words", "0", "-1", String(2 ** 31 - 1)])(
	"a lock that holds %j belongs to nobody who lives, and is taken over",
	async (text) => {
		const stateDir = await mkdtemp(join(folder, "stale-"));
		await writeFile(join(stateDir, "pid"), text);
		const started = await npmStart({ MASSGEN_STATE: stateDir });
		const served = await isServed(started);
		await started.stop();
		expect(served).toBe(true);
	},
);

async function isServed({ url }: Started): Promise<boolean> {
	return fetch(`${url}/healthz`).then(
		({ ok }) => ok,
		() => false,
	);
}

/** Below the ports that a system hands out by itself, so that nobody is given it between this look and the start. */
async function freePort(): Promise<number> {
	for (let look = 0; look < 50; look++) {
		const port = 20_000 + Math.floor(Math.random() * 10_000);
		const probe = createServer();
		const free = await new Promise<boolean>((known) => {
			probe.once("error", () => known(false));
			probe.listen(port, "127.0.0.1", () => known(true));
		});
		if (!free) continue;
		await new Promise<void>((closed) => void probe.close(() => closed()));
		return port;
	}
	throw new Error("no free port was found");
}

async function until(reached: () => boolean): Promise<void> {
	for (let look = 0; look < 400 && !reached(); look++) await sleep(50);
	expect(reached()).toBe(true);
}
