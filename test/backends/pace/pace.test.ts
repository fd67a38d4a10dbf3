import { expect, test } from "vitest";
import { breakerBounds } from "../../../src/backends/pace/breaker.ts";
import { bucketBounds } from "../../../src/backends/pace/bucket.ts";
import { makeFailure } from "../../../src/backends/failure.ts";
import { paceBounds } from "../../../src/backends/pace/pace.ts";
import { paced, requests, tokens, type Paced } from "./pace-rig.ts";

const { inPlaceMsMax, lookMs, jitterMsMax } = paceBounds;

const names = (count: number): string[] => Array.from({ length: count }, (_, i) => `c${i}`);

test.each<[string, (at: Paced) => unknown, string[]]>([
	[
		"a host that tells no limits has none",
		async ({ heard, send }) => {
			await heard({});
			names(6).forEach((name) => send(name));
		},
		["c0 0", "c1 0", "c2 0", "c3 0", "c4 0", "c5 0"],
	],
	[
		"of calls that start at once as many go as are left, the others after the reset",
		async ({ heard, send }) => {
			await heard(requests(3, "2s"));
			names(5).forEach((name) => send(name));
		},
		["c0 0", "c1 0", "c2 0", "c3 2000", "c4 2000"],
	],
	[
		"after the reset as many go as there may be in a window, those included that have not answered",
		async ({ heard, send }) => {
			await heard(requests(1, "2s", 2));
			names(3).forEach((name) => send(name));
		},
		["c0 0", "c1 2000", `c2 ${inPlaceMsMax} rate_limited ${bucketBounds.flightsMs}`],
	],
	[
		"a reset as far away as a call may wait in place is waited for",
		async ({ heard, send }) => {
			await heard(requests(0, `${inPlaceMsMax}ms`));
			send("c");
		},
		[`c ${inPlaceMsMax}`],
	],
	[
		"one that is further away fails the call at once, and tells it when",
		async ({ heard, send }) => {
			await heard(requests(0, `${inPlaceMsMax + 1}ms`));
			send("c");
		},
		[`c 0 rate_limited ${inPlaceMsMax + 1}`],
	],
	[
		"tokens are counted as requests are",
		async ({ heard, send }) => {
			await heard(tokens(100, "3s"));
			["a", "b", "c"].forEach((name) => send(name, { tokens: 40 }));
		},
		["a 0", "b 0", "c 3000"],
	],
	[
		"exactly what is left may be taken",
		async ({ heard, send }) => {
			await heard(tokens(100, "3s"));
			send("a", { tokens: 100 });
			send("b", { tokens: 0 });
		},
		["a 0", "b 0"],
	],
	[
		"one token more waits",
		async ({ heard, send }) => {
			await heard(tokens(100, "3s"));
			send("a", { tokens: 101 });
		},
		["a 3000"],
	],
	[
		"a call larger than the limit itself is tried once all of it is there",
		async ({ heard, send }) => {
			await heard(tokens(999, "3s", 1000));
			send("a", { tokens: 5000 });
		},
		["a 3000"],
	],
	[
		"without a reset a minute is assumed",
		async ({ heard, send, clock }) => {
			await heard({ "x-ratelimit-remaining-requests": "0" });
			await clock.pass(bucketBounds.unknownResetMs - 7000);
			send("c");
		},
		[`c ${bucketBounds.unknownResetMs}`],
	],
	[
		"without a limit nothing holds calls back once the reset is past",
		async ({ heard, send }) => {
			await heard({ "x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "1s" });
			names(3).forEach((name) => send(name));
		},
		["c0 1000", "c1 1000", "c2 1000"],
	],
	[
		"the host's figures win over the local count",
		async ({ heard, send }) => {
			await heard(requests(1, "9s"));
			await heard(requests(4, "9s"));
			names(5).forEach((name) => send(name));
		},
		["c0 0", "c1 0", "c2 0", "c3 0", "c4 9000"],
	],
	[
		"a waiting call goes as soon as the host tells of more",
		async ({ heard, send, next, clock }) => {
			await heard(requests(1, "9s"));
			send("a");
			send("b");
			await clock.pass(1500);
			next().heard({ ok: true, headers: new Headers(requests(2, "9s")) });
		},
		["a 0", `b ${2 * lookMs}`],
	],
	[
		"calls under way count on top of what is told",
		async ({ heard, send, next, clock }) => {
			await heard(requests(3, "9s"));
			send("a");
			send("b");
			await clock.pass(0);
			next().heard({ ok: true, headers: new Headers(requests(2, "9s")) });
			send("c");
			send("d");
		},
		["a 0", "b 0", "c 0", "d 9000"],
	],
	[
		"of answers that overtake each other the lower figure counts",
		async ({ heard, send, next, clock }) => {
			await heard(requests(3, "9s"));
			send("a");
			send("b");
			await clock.pass(0);
			const [a, b] = [next(), next()];
			b.heard({ ok: true, headers: new Headers(requests(1, "9s")) });
			a.heard({ ok: true, headers: new Headers(requests(2, "9s")) });
			send("c");
			send("d");
		},
		["a 0", "b 0", "c 0", "d 9000"],
	],
	[
		"a late answer from the window before does not count",
		async ({ heard, send, next, clock }) => {
			await heard(requests(3, "9s"));
			send("a");
			send("b");
			await clock.pass(0);
			const [a, b] = [next(), next()];
			b.heard({ ok: true, headers: new Headers(requests(1, "12s")) });
			a.heard({ ok: true, headers: new Headers(requests(0, "2s")) });
			send("c");
			send("d");
		},
		["a 0", "b 0", "c 0", "d 12000"],
	],
	[
		"a late answer from the window after it does",
		async ({ heard, send, next, clock }) => {
			await heard(requests(3, "9s"));
			send("a");
			send("b");
			await clock.pass(0);
			const [a, b] = [next(), next()];
			b.heard({ ok: true, headers: new Headers(requests(0, "2s")) });
			a.heard({ ok: true, headers: new Headers(requests(1, "12s")) });
			send("c");
			send("d");
		},
		["a 0", "b 0", "c 0", "d 12000"],
	],
	[
		"what told no figures counts until figures that must contain it come",
		async ({ heard, send }) => {
			await heard(requests(3, "9s"));
			await heard({});
			await heard(requests(1, "9s"));
			send("a");
			send("b");
		},
		["a 0", "b 9000"],
	],
	[
		"or until the window is over",
		async ({ heard, send, clock }) => {
			await heard(requests(2, "9s", 1));
			await heard({});
			await clock.pass(9000);
			send("a");
		},
		["a 9000"],
	],
	[
		"and where the window's end is not known for as long as one is thought to last",
		async ({ heard, send, clock }) => {
			await heard(requests(2, "1s", 1));
			await clock.pass(1000);
			await heard({});
			await clock.pass(bucketBounds.unknownResetMs - 5000);
			send("a");
		},
		[`a ${1000 + bucketBounds.unknownResetMs}`],
	],
	[
		"an answer without figures was counted all the same",
		async ({ heard, send }) => {
			await heard(requests(2, "9s"));
			await heard({});
			send("a");
			send("b");
		},
		["a 0", "b 9000"],
	],
	[
		"what never left takes nothing",
		async ({ heard, send, next, clock }) => {
			await heard(requests(1, "9s"));
			send("a");
			await clock.pass(0);
			next().ended("unsent");
			send("b");
		},
		["a 0", "b 0"],
	],
	[
		"what we gave up may have been counted",
		async ({ heard, send, next, clock }) => {
			await heard(requests(1, "9s"));
			send("a");
			await clock.pass(0);
			next().ended("given up");
			send("b");
		},
		["a 0", "b 9000"],
	],
	[
		"a call that never answers is forgotten one day",
		async ({ heard, send, clock }) => {
			await heard(requests(1, "1s", 1));
			send("a");
			await clock.pass(bucketBounds.flightMsMax - 1);
			send("b");
		},
		["a 0", `b ${bucketBounds.flightMsMax - 1 + bucketBounds.flightsMs}`],
	],
	[
		"each model has figures of its own, and so have other keys and places",
		async ({ heard, send }) => {
			await heard(requests(0, "20s"));
			send("model", { model: "m2" });
			send("key", { key: "k2" });
			send("keyless", { key: null });
			send("place", { baseUrl: "https://b.example" });
			send("backend", { name: "openai-responses" });
			send("same");
		},
		["model 0", "key 0", "keyless 0", "place 0", "backend 0", "same 0 rate_limited 20000"],
	],
	[
		"told to come back later, every call of the key stays away",
		async ({ failed, send }) => {
			await failed("rate_limited", 4000);
			send("same");
			send("model", { model: "m2" });
			send("key", { key: "k2" });
		},
		["key 0", "same 4000", "model 4000"],
	],
	[
		"for longer only the model that was told so; the others of its key try by themselves",
		async ({ failed, send }) => {
			await failed("rate_limited", 60_000);
			send("same");
			send("model", { model: "m2" });
		},
		["same 0 rate_limited 60000", `model ${inPlaceMsMax}`],
	],
	[
		"told nothing, nobody stays away",
		async ({ failed, send }) => {
			await failed("rate_limited");
			send("same");
		},
		["same 0"],
	],
	[
		"a host that keeps failing is left alone",
		async ({ failed, send, clock }) => {
			for (let i = 0; i < breakerBounds.failuresMax; i++) await failed("server");
			await clock.pass(100);
			send("same");
			send("model", { model: "m2" });
			send("key", { key: "k2" });
		},
		[
			`same 100 overloaded ${breakerBounds.openMsMin - 100}`,
			`model 100 overloaded ${breakerBounds.openMsMin - 100}`,
			"key 100",
		],
	],
	[
		"then one call probes while others still fail, and its answer lets them through",
		async ({ failed, send, next, clock }) => {
			for (let i = 0; i < breakerBounds.failuresMax; i++) await failed("server");
			await clock.pass(breakerBounds.openMsMin);
			send("probe");
			send("other");
			await clock.pass(0);
			next().heard({ ok: true, headers: new Headers() });
			send("after");
		},
		["probe 1000", "other 1000 overloaded 1000", "after 1000"],
	],
	[
		"a probe that never left leaves the next call to probe",
		async ({ failed, send, next, clock }) => {
			for (let i = 0; i < breakerBounds.failuresMax; i++) await failed("server");
			await clock.pass(breakerBounds.openMsMin);
			send("a");
			await clock.pass(0);
			next().ended("unsent");
			send("b");
			send("c");
		},
		["a 1000", "b 1000", "c 1000 overloaded 1000"],
	],
	[
		"one failure less leaves it open to calls",
		async ({ failed, send }) => {
			for (let i = 1; i < breakerBounds.failuresMax; i++) await failed("server");
			send("c");
		},
		["c 0"],
	],
])("%s", async (_, happens, expected) => {
	const at = paced();
	await happens(at);
	await at.clock.pass(20_000);
	expect(at.came).toEqual(expected);
});

test("calls that waited for the same reset come back spread", async () => {
	const at = paced({ random: 0.5 });
	await at.heard(requests(0, "700ms"));
	at.send("c");
	await at.clock.pass(5000);
	expect(at.came).toEqual([`c ${700 + jitterMsMax / 2}`]);
});

test("an abort ends the wait at once, and takes nothing", async () => {
	const at = paced();
	const leaving = new AbortController();
	await at.heard(requests(0, "5s", 1));
	at.send("a", {}, leaving.signal);
	at.send("b");
	await at.clock.pass(2500);
	leaving.abort();
	await at.clock.pass(5000);
	expect(at.came).toEqual(["a 2500 rate_limited 2500", "b 5000"]);
	expect(at.holds).toEqual(["a", "b", "a", "b", "a", "b", "b", "b"]);
});

test("the last word on a call is heard once", async () => {
	const at = paced();
	for (let i = 2; i < breakerBounds.failuresMax; i++) await at.failed("server");
	at.send("c");
	await at.clock.pass(0);
	const permit = at.next();
	permit.ended(makeFailure("server", "no"));
	permit.ended(makeFailure("server", "no"));
	at.send("d");
	await at.clock.pass(0);
	expect(at.came).toEqual(["c 0", "d 0"]);
});
