import { afterAll, expect, test } from "vitest";
import type { Backend, CallStage, ModelEvent, ModelRequest } from "../../../src/backends/backend.ts";
import { makeBackends, type Backends, type BackendsDeps } from "../../../src/backends/backends.ts";
import { breakerBounds } from "../../../src/backends/pace/breaker.ts";
import { makePace } from "../../../src/backends/pace/pace.ts";
import { sleep } from "../../../src/backends/sleep.ts";
import { collected } from "../../support/fake-request.ts";
import type { Step } from "../../support/fake-script.ts";
import { fakeStage, wireHosts } from "../../support/fake-stage.ts";

const free = await fakeStage();
const windowMs = 400;
const limited = await fakeStage({ limits: { requests: 4, tokens: 1_000_000, windowMs } });
const narrow = await fakeStage({ limits: { requests: 100, tokens: 2000, windowMs } });
afterAll(() => Promise.all([free, limited, narrow].map(({ fake }) => fake.close())));

type Stage = typeof free;

function backendsAt({ settings }: Stage, deps: Partial<BackendsDeps> = {}): Backends {
	return makeBackends(settings, { fetch, now: Date.now, ...deps });
}

function opened(backends: Backends, backend: string): Backend {
	return backends.open({ backend, model: "any", params: {} });
}

/** How a call ended: its failure's code, or why the model stopped. */
function ending(events: readonly ModelEvent[]): string {
	const failed = events.find((event) => event.type === "failed");
	const last = events.at(-1);
	return failed?.failure.code ?? (last?.type === "end" ? last.stop : "nothing");
}

const ok: readonly Step[] = [{ text: "ok" }];
const withLimits = ["anthropic", "openai", "groq"];

test.each(withLimits)("%s: calls that start at once stay within the requests its headers allow", async (name) => {
	const backend = opened(backendsAt(limited), name);
	const request = limited.scripted(ok);
	// What other tests have sent to the fake counts too.
	await sleep(windowMs, new AbortController().signal);
	const before = limited.fake.requests.length;
	const ends = [ending(await collected(backend, request))];
	const burst = await Promise.all(Array.from({ length: 6 }, () => collected(backend, request)));
	ends.push(...burst.map(ending));
	expect([ends, limited.fake.requests.length - before]).toEqual([Array(7).fill("end"), 7]);
});

test("and within the tokens", async () => {
	const backend = opened(backendsAt(narrow), "anthropic");
	const system = "word ".repeat(500);
	const request = narrow.scripted(ok, { system });
	await sleep(windowMs, new AbortController().signal);
	const ends = [ending(await collected(backend, request))];
	const burst = await Promise.all(Array.from({ length: 4 }, () => collected(backend, request)));
	ends.push(...burst.map(ending));
	expect(ends).toEqual(Array(5).fill("end"));
});

test("time spent waiting for limits is not the host's: the timer for the first byte starts when the call is sent", async () => {
	const backend = opened(backendsAt(limited), "anthropic");
	const request = limited.scripted([{ waitMs: 50 }, ...ok], { firstByteTimeoutMs: windowMs / 2 });
	await sleep(windowMs, new AbortController().signal);
	await collected(backend, request);
	const stages: CallStage[][] = [];
	const ends = await Promise.all(
		Array.from({ length: 6 }, async (_, i) => {
			const seen: CallStage[] = [];
			stages[i] = seen;
			const reached = (stage: CallStage) => void (stage === seen.at(-1) || seen.push(stage));
			return ending(await collected((asked, signal) => backend(asked, signal, reached), request));
		}),
	);
	const atOnce = ["queued", "waiting", "streaming"];
	const held = ["queued", "paced", ...atOnce];
	expect([ends, stages]).toEqual([Array(6).fill("end"), [atOnce, atOnce, atOnce, held, held, held]]);
});

test("a call that waits for a slot is seen to wait", async () => {
	const backends = backendsAt(free, { limits: { slotsMax: 1 }, now: () => 0 });
	const backend = opened(backends, "openai");
	const request = free.scripted([{ waitMs: 100 }, ...ok]);
	const calls = [0, 1, 2].map(() => collected(backend, request));
	const nothing = {
		backend: "openai",
		model: request.model,
		state: "closed",
		requests_left: null,
		tokens_left: null,
	};
	await expect
		.poll(backends.pace)
		.toEqual({ waiting_for_headers: { max: 1, taken: 1, queued: 2 }, hosts: [{ ...nothing, resets_at: null }] });
	await Promise.all(calls);
	expect(backends.pace().waiting_for_headers).toEqual({ max: 1, taken: 0, queued: 0 });
});

test.each(wireHosts)("%s: told to come back later, no call of that model is sent before", async (name) => {
	const backend = opened(backendsAt(free, { now: () => 0 }), name);
	const before = free.fake.requests.length;
	const request = free.scripted([{ status: 429, retryAfterSeconds: 60, message: "slow down" }]);
	const failures = [];
	for (let i = 0; i < 2; i++) failures.push((await collected(backend, request))[0]);
	const failure = { code: "rate_limited", retryable: true, retryAfterMs: 60_000 };
	const unsent = `the limits of ${name} leave no room for another call`;
	expect([failures, free.fake.requests.length - before]).toEqual([
		["slow down", unsent].map((message) => ({ type: "failed", failure: { ...failure, message } })),
		1,
	]);
});

test.each<[string, readonly Step[], Partial<ModelRequest>]>([
	["answers with errors", [{ status: 500 }], {}],
	["is overloaded", [{ status: 529 }], {}],
	["breaks off", [{ text: "so far" }, { cut: true }], {}],
	["sends nothing", [{ hang: true }], { firstByteTimeoutMs: 20 }],
	["stops sending", [{ text: "so far" }, { hang: true }], { stallTimeoutMs: 20 }],
])("a host that %s is left alone for a while, then asked once", async (_, steps, changes) => {
	const clock = { nowMs: 0 };
	const now = () => Date.now() + clock.nowMs;
	const backends = backendsAt(free, { now });
	const backend = opened(backends, "groq");
	const bad = free.scripted(steps, changes);
	const before = free.fake.requests.length;
	for (let i = 0; i < breakerBounds.failuresMax; i++) await collected(backend, bad);
	const good = free.scripted([{ waitMs: 50 }, ...ok]);
	const refused = ending(await collected(backend, good));
	const sent = free.fake.requests.length - before;
	clock.nowMs = breakerBounds.openMsMin;
	const probed = await Promise.all([0, 1].map(() => collected(backend, good)));
	const after = ending(await collected(backend, good));
	const states = backends.pace().hosts.map(({ state }) => state);
	expect([refused, sent, probed.map(ending), after, new Set(states)]).toEqual([
		"overloaded",
		breakerBounds.failuresMax,
		["end", "overloaded"],
		"end",
		new Set(["closed"]),
	]);
});

test.each<[string, Step]>([
	["the caller's mistakes", { status: 400 }],
	["a wrong key", { status: 401 }],
	["a limit", { status: 429 }],
])("%s do not count as failures of the host", async (_, step) => {
	const backend = opened(backendsAt(free, { now: () => 0 }), "groq");
	const bad = free.scripted([step]);
	for (let i = 0; i <= breakerBounds.failuresMax; i++) await collected(backend, bad);
	expect(ending(await collected(backend, free.scripted(ok)))).toBe("end");
});

test.each<[string, (backend: Backend) => Promise<unknown>, string]>([
	[
		"a whole answer begins the count of failures anew",
		async (backend) => {
			await collected(backend, free.scripted(ok));
			await collected(backend, free.scripted([{ status: 500 }]));
		},
		"closed",
	],
	[
		"a call that is given up while it is read tells nothing of the host",
		async (backend) => {
			const reading = free.scripted([{ text: "a" }, { hang: true }]);
			for await (const _ of backend(reading, new AbortController().signal)) break;
			await collected(backend, free.scripted([{ status: 500 }]));
		},
		"open",
	],
	[
		"nor does one that is given up before it answers",
		async (backend) => {
			const leaving = new AbortController();
			const calling = collected(backend, free.scripted([{ hang: true }]), leaving.signal);
			setTimeout(() => leaving.abort(), 50);
			await calling;
		},
		"closed",
	],
])("%s", async (_, happens, state) => {
	const backends = backendsAt(free, { now: () => 0 });
	const backend = opened(backends, "openai");
	for (let i = 1; i < breakerBounds.failuresMax; i++) await collected(backend, free.scripted([{ status: 500 }]));
	await happens(backend);
	expect(backends.pace().hosts.at(-1)?.state).toBe(state);
});

/** Answers the first calls with these headers, and leaves the others waiting until they are given up. */
function telling(answers: number, headers: Record<string, string>) {
	let sent = 0;
	const send: typeof fetch = async (_, init) => {
		sent += 1;
		if (sent <= answers) return new Response("", { headers });
		return new Promise((_resolve, reject) =>
			init?.signal?.addEventListener("abort", () => reject(new Error("aborted"))),
		);
	};
	return { fetch: send, sent: () => sent };
}

const threeLeft = {
	"x-ratelimit-limit-requests": "50",
	"x-ratelimit-remaining-requests": "3",
	"x-ratelimit-reset-requests": "1m0s",
};

test("a call that is turned away before it is sent takes nothing of the limits", async () => {
	const host = telling(1, threeLeft);
	const limits = { slotsMax: 1, queueMax: 0 };
	const backends = backendsAt(free, { now: () => 0, fetch: host.fetch, limits });
	const backend = opened(backends, "groq");
	const request = { ...free.scripted(ok), model: "shared" };
	const leaving = new AbortController();
	await collected(backend, request);
	const calls = [0, 1].map(() => collected(backend, request, leaving.signal));
	expect(ending(await Promise.race(calls))).toBe("overloaded");
	expect([host.sent(), backends.pace().hosts]).toEqual([2, [{ ...shared, backend: "groq", requests_left: 2 }]]);
	leaving.abort();
	await Promise.all(calls);
});

test("sessions share what a key allows, and see only the hosts that they ask themselves", async () => {
	const pace = makePace({ now: () => 0, random: () => 0, sleep });
	const host = telling(2, threeLeft);
	const deps: Partial<BackendsDeps> = { now: () => 0, pace, fetch: host.fetch };
	const [one, two] = [backendsAt(free, deps), backendsAt(free, deps)];
	const request = { ...free.scripted(ok), model: "shared" };
	await collected(opened(one, "openai"), request);
	await collected(opened(one, "groq"), request);
	const leaving = new AbortController();
	const calls = [one, one, two, two].map((backends) => collected(opened(backends, "groq"), request, leaving.signal));
	const groq = { ...shared, backend: "groq", requests_left: 0 };
	const openai = { ...shared, backend: "openai", requests_left: 3 };
	await expect.poll(() => [host.sent(), two.pace().hosts]).toEqual([5, [groq]]);
	expect(one.pace().hosts).toEqual([groq, openai]);
	leaving.abort();
	expect((await Promise.all(calls)).map(ending)).toEqual(["nothing", "nothing", "nothing", "rate_limited"]);
});

const shared = { model: "shared", state: "closed", tokens_left: null, resets_at: "1970-01-01T00:01:00.000Z" };
