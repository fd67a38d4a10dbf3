import { afterAll, expect, test } from "vitest";
import type { ModelEvent, ModelRequest } from "../../../src/backends/backend.ts";
import { makeBackends, type BackendsDeps } from "../../../src/backends/backends.ts";
import { cutAfter } from "../../support/cut-fetch.ts";
import { specOf } from "../../support/fake-hosts.ts";
import { startFakeProviders } from "../../support/fake-providers.ts";
import { modelRequest } from "../../support/fake-request.ts";
import type { Brain, Step } from "../../support/fake-script.ts";

/** An answer in the background goes on, and is charged for, until somebody says that it is not wanted any more. */

const scripts = new Map<string, Brain>();
const fake = await startFakeProviders({ brain: (request) => scripts.get(request.model)?.(request) ?? [] });
afterAll(fake.close);

const hosts = ["openai", "gemini"] as const;
const cancelled: Record<(typeof hosts)[number], RegExp> = {
	openai: /^POST \/v1\/responses\/resp_f\d+\/cancel$/,
	gemini: /^POST \/v1beta\/interactions\/v1_f\d+\/cancel$/,
};

function scripted(script: Brain, changes: Partial<ModelRequest> = {}): ModelRequest {
	const model = `model-${scripts.size + 1}`;
	scripts.set(model, script);
	return modelRequest({ model, resumable: true, ...changes });
}

type Performed = { readonly events: readonly ModelEvent[]; readonly followUps: readonly string[] };

/** Performs a call, aborting it once text has come; then waits for what goes on aside. */
async function performed(
	host: string,
	request: ModelRequest,
	{ abortOn, ...deps }: Partial<BackendsDeps> & { readonly abortOn?: ModelEvent["type"] },
): Promise<Performed> {
	const before = fake.followUps.length;
	const aside: Promise<void>[] = [];
	const backends = makeBackends(fake.settings, {
		fetch,
		now: Date.now,
		aside: (work) => void aside.push(work),
		...deps,
	});
	const controller = new AbortController();
	const events: ModelEvent[] = [];
	for await (const batch of backends.open(specOf(host))(request, controller.signal)) {
		events.push(...batch);
		if (batch.some(({ type }) => type === abortOn)) controller.abort();
	}
	await Promise.all(aside);
	return { events, followUps: fake.followUps.slice(before) };
}

const endless: readonly Step[] = [{ text: "Well, " }, { hang: true }];

test.each(hosts)("%s: an answer that is aborted is cancelled, once, and is not made any further", async (host) => {
	const stopped = Promise.withResolvers<void>();
	const request = scripted(({ signal }) => {
		signal.addEventListener("abort", () => stopped.resolve());
		return endless;
	});
	const { events, followUps } = await performed(host, request, { abortOn: "text" });
	await stopped.promise;
	expect(events.some(({ type }) => type === "failed" || type === "end")).toBe(false);
	expect(followUps.map((followUp) => cancelled[host].test(followUp))).toEqual([true]);
});

test.each(hosts)("%s: an answer that is too long for us is cancelled", async (host) => {
	const request = scripted(() => [{ text: "x".repeat(200) }, { hang: true }]);
	const { events, followUps } = await performed(host, request, { limits: { outputCharactersMax: 100 } });
	expect(events.slice(-2).map((event) => (event.type === "failed" ? event.failure.code : event.type))).toEqual([
		"output_too_large",
		"end",
	]);
	expect(followUps.map((followUp) => cancelled[host].test(followUp))).toEqual([true]);
});

test.each(hosts)("%s: a listener that leaves without a word does not leave the answer running", async (host) => {
	const aside: Promise<void>[] = [];
	const before = fake.followUps.length;
	const deps = { fetch, now: Date.now, aside: (work: Promise<void>) => void aside.push(work) };
	const backend = makeBackends(fake.settings, deps).open(specOf(host));
	for await (const batch of backend(
		scripted(() => endless),
		new AbortController().signal,
	))
		if (batch.some(({ type }) => type === "text")) break;
	await Promise.all(aside);
	expect(fake.followUps.slice(before).map((followUp) => cancelled[host].test(followUp))).toEqual([true]);
});

type Deps = Parameters<typeof performed>[2];

const nothing = (): readonly [string, readonly Step[], Partial<ModelRequest>, Deps][] => [
	["that is finished", [{ text: "Done." }], {}, {}],
	["whose connection broke, since it may be taken up again", endless, {}, { fetch: cutAfter(3) }],
	["that stalls, since it may be taken up again", endless, { stallTimeoutMs: 100 }, {}],
	["that is aborted and is not kept", endless, { resumable: false }, { abortOn: "text" }],
	["that is refused", [{ status: 429 }], {}, {}],
];

test.each(hosts.flatMap((host) => nothing().map((row) => [host, ...row] as const)))(
	"%s: an answer %s is not cancelled",
	async (host, _, script, changes, deps) => {
		const { followUps } = await performed(
			host,
			scripted(() => script, changes),
			deps,
		);
		expect(followUps).toEqual([]);
	},
);

test.each(hosts)(
	"%s: an answer that was taken up again is cancelled when it is aborted, found or not",
	async (host) => {
		const request = scripted(() => endless);
		const { events } = await performed(host, request, { fetch: cutAfter(4) });
		const point = events.find((event) => event.type === "handle");
		if (point === undefined) throw new Error("no handle");
		const before = fake.followUps.length;
		const aside: Promise<void>[] = [];
		const deps = { fetch, now: Date.now, aside: (work: Promise<void>) => void aside.push(work) };
		const resume = makeBackends(fake.settings, deps).resume(specOf(host));
		const controller = new AbortController();
		for await (const batch of resume?.({ handle: point.handle, cursor: null }, request, controller.signal) ?? [])
			if (batch.some(({ type }) => type === "text")) controller.abort();
		await Promise.all(aside);
		const methods = fake.followUps.slice(before).map((followUp) => followUp.split(" ")[0]);
		expect(methods).toEqual(["GET", "POST"]);
	},
);

test("a cancellation that finds no way out is let be, and is no fault", async () => {
	const send: typeof fetch = (input, init) =>
		String(input).endsWith("/cancel") ? Promise.reject(new TypeError("no route")) : fetch(input, init);
	const request = scripted(() => endless);
	const { followUps } = await performed("openai", request, { abortOn: "text", fetch: send });
	expect(followUps).toEqual([]);
});
