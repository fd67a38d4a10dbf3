import { afterAll, expect, test } from "vitest";
import type { ModelEvent } from "../../../src/backends/backend.ts";
import { makeBackends, type Backends } from "../../../src/backends/backends.ts";
import { hosts, type Host } from "../../../src/backends/hosts.ts";
import { makeRefusedModes, refusedModesMax } from "../../../src/backends/call/modes.ts";
import type { RecentNames } from "../../../src/std/recent-names.ts";
import { settingsAt, specOf } from "../../support/fake-hosts.ts";
import { startFakeProviders } from "../../support/fake-providers.ts";
import { collected, modelRequest } from "../../support/fake-request.ts";
import type { Brain, Step } from "../../support/fake-script.ts";

/** Hosts that will not keep a call, and requests that do not ask them to. */

const scripts = new Map<string, Brain>();
const fake = await startFakeProviders({ brain: (request) => scripts.get(request.model)?.(request) ?? [] });
afterAll(fake.close);

function backendsWith(refusedModes?: RecentNames): Backends {
	const kept = refusedModes === undefined ? {} : { refusedModes };
	return makeBackends(settingsAt(fake.url), { fetch, now: Date.now, ...kept });
}

type Refusal = Extract<Step, { status: number }>;

/** A model that answers, or refuses, by whether it is asked to go on in the background. */
function modelThat(script: { readonly background: readonly Step[]; readonly plain: readonly Step[] }): string {
	const model = `model-${scripts.size + 1}`;
	scripts.set(model, ({ background }) => (background ? script.background : script.plain));
	return model;
}

/** What this call brings, and for each request it took whether that asked for the background. */
async function called(backends: Backends, host: string, model: string) {
	const before = fake.requests.length;
	const events = await collected(backends.open(specOf(host)), modelRequest({ model, resumable: true }));
	const asked = fake.requests.slice(before).map(({ body }) => body["background"] === true);
	return { brought: events.map(told), asked };
}

function told(event: ModelEvent): string {
	if (event.type === "text") return event.text;
	return event.type === "failed" ? `${event.failure.code}: ${event.failure.message}` : event.type;
}

const ok: readonly Step[] = [{ text: "Here I am." }];
const plainly = ["Here I am.", "usage", "end"];
const zeroRetention = "Background mode is not supported for this organization due to Zero Data Retention.";

const refusals: readonly [string, Refusal][] = [
	["for its organization (400)", { status: 400, message: zeroRetention }],
	["because it has no such address (404)", { status: 404, message: "no such route" }],
	["because it has no such method (405)", { status: 405, message: "method not allowed" }],
	["because it has not built it (501)", { status: 501, message: "not implemented" }],
];
const cases = ["openai", "gemini"].flatMap((host) =>
	refusals.map(([title, refusal]): [string, string, Refusal] => [host, title, refusal]),
);

test.each(cases)(
	"%s refuses to keep calls %s: it is called without at once, and later ones at first",
	async (host, _, refusal) => {
		const backends = backendsWith();
		const model = modelThat({ background: [refusal], plain: ok });
		const first = await called(backends, host, model);
		expect(first.brought.filter((event) => event !== "echo")).toEqual(plainly);
		expect(first.asked).toEqual([true, false]);
		expect((await called(backends, host, model)).asked).toEqual([false]);
	},
);

test.each<[string, Refusal, string]>([
	["a key that is none", { status: 401, message: "no such key" }, "auth: no such key"],
	["a key that may not", { status: 403, message: "not yours" }, "bad_request: not yours"],
	["a limit", { status: 429, message: "too fast" }, "rate_limited: too fast"],
	["a fault of the host's", { status: 500, message: "sorry" }, "server: sorry"],
	["a host that is full", { status: 503, message: "full" }, "server: full"],
	["a prompt that is too long", { status: 400, message: "prompt is too long" }, "context_length: prompt is too long"],
])("%s says nothing about the mode, which is tried again", async (_, refusal, failure) => {
	const backends = backendsWith();
	const model = modelThat({ background: [refusal], plain: ok });
	const expected = { brought: [failure, "end"], asked: [true] };
	expect(await called(backends, "openai", model)).toEqual(expected);
	expect(await called(backends, "openai", model)).toEqual(expected);
});

test("what is refused in both modes is told as the plain one told it, and says nothing about the mode", async () => {
	const backends = backendsWith();
	const model = modelThat({
		background: [{ status: 400, message: "bad in the background" }],
		plain: [{ status: 400, message: "bad anyway" }],
	});
	const expected = { brought: ["bad_request: bad anyway", "end"], asked: [true, false] };
	expect(await called(backends, "openai", model)).toEqual(expected);
	expect(await called(backends, "openai", model)).toEqual(expected);
});

test("a refusal holds for its host and model, and for all backends that share the memory", async () => {
	const refusedModes = makeRefusedModes();
	const refusing = modelThat({ background: [{ status: 400, message: zeroRetention }], plain: ok });
	const other = modelThat({ background: ok, plain: ok });
	await called(backendsWith(refusedModes), "openai", refusing);
	const asked = async (host: string, model: string) => (await called(backendsWith(refusedModes), host, model)).asked;
	expect([
		await asked("openai", refusing),
		await asked("openai", other),
		await asked("gemini", refusing),
		(await called(backendsWith(), "openai", refusing)).asked,
	]).toEqual([[false], [true], [true, false], [true, false]]);
});

test.each([
	[refusedModesMax, true],
	[refusedModesMax + 1, false],
])("of %i refusals the first is still known: %s", (count, known) => {
	const modes = makeRefusedModes();
	for (let index = 0; index < count; index += 1) modes.add(`${index}`);
	expect([modes.has("0"), modes.has("1"), modes.has(`${count - 1}`)]).toEqual([known, true, true]);
});

/** How a call was asked for. */
async function askedBy(host: string, resumable: boolean, params = {}) {
	const model = modelThat({ background: ok, plain: ok });
	const request = modelRequest({ model, resumable, params });
	await collected(backendsWith().open(specOf(host, params)), request);
	const last = fake.requests.at(-1);
	return [last?.wire, last?.body["background"], last?.body["store"]];
}

test.each<[string, string, boolean, object, readonly unknown[]]>([
	["openai keeps a call", "openai", true, {}, ["openai-responses", true, true]],
	["unless it is not to be kept", "openai", false, {}, ["openai-responses", undefined, false]],
	["or the params forbid it", "openai", true, { store: false }, ["openai-responses", undefined, false]],
	["gemini keeps a call by its other protocol", "gemini", true, {}, ["gemini-interactions", true, true]],
	["unless it is not to be kept there", "gemini", false, {}, ["gemini-generate", undefined, undefined]],
	["or the params forbid it there", "gemini", true, { store: false }, ["gemini-generate", undefined, false]],
	[
		"or the params cannot be said there",
		"gemini",
		true,
		{ thinkingConfig: { thinkingBudget: 100 } },
		["gemini-generate", undefined, undefined],
	],
	[
		"a limit on tokens can be said there",
		"gemini",
		true,
		{ maxOutputTokens: 100 },
		["gemini-interactions", true, true],
	],
])("%s", async (_, host, resumable, params, expected) => {
	expect(await askedBy(host, resumable, params)).toEqual(expected);
});

const others = Object.entries<Host>(hosts).filter(([, { abilities }]) => abilities.resume !== true);

test.each(others.map(([name]) => name))("%s, which is not known to keep calls, is not asked to", async (host) => {
	expect(await askedBy(host, true)).toEqual(await askedBy(host, false));
});
