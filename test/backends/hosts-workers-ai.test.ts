import { afterAll, beforeEach, expect, test } from "vitest";
import { builtInTeams } from "../../src/api/built-in-teams.ts";
import { makeBackends } from "../../src/backends/backends.ts";
import type { AiBinding } from "../../src/backends/workers-ai.ts";
import { specOf } from "../support/fake-hosts.ts";
import { startFakeProviders } from "../support/fake-providers.ts";
import { collected, modelRequest } from "../support/fake-request.ts";
import { sse } from "../support/fake-script.ts";

const fake = await startFakeProviders({
	brain: () => [{ text: "By the binding." }, { usage: { input: 7, output: 3 } }],
});
afterAll(fake.close);

const runs: Parameters<AiBinding["run"]>[] = [];
beforeEach(() => void runs.splice(0));

/** A binding that answers as Cloudflare's does: with the response of the model's own server. */
function binding(answer: AiBinding["run"]): AiBinding {
	return {
		run: (...given) => {
			runs.push(given);
			return answer(...given);
		},
	};
}

const atFake = binding((model, inputs, { signal }) =>
	fetch(`${fake.url}/v1/chat/completions`, {
		method: "POST",
		body: JSON.stringify({ model, ...inputs }),
		...(signal === undefined ? {} : { signal }),
	}),
);
const model = "@cf/zai-org/glm-4.7-flash";
const account = {
	WORKERS_AI_API_KEY: "k",
	WORKERS_AI_BASE_URL: "https://api.cloudflare.com/client/v4/accounts/7/ai/v1",
};
const unreached: typeof fetch = () => Promise.reject(new Error("the network is not used"));

function bound(ai: AiBinding, settings: Record<string, string> = {}, send: typeof fetch = unreached) {
	return makeBackends(settings, { fetch: send, now: Date.now, ai });
}

async function answered(ai: AiBinding, signal?: AbortSignal) {
	const backends = bound(ai);
	expect(backends.problem(specOf("workers-ai", {}, model))).toBe(null);
	return collected(backends.open(specOf("workers-ai", {}, model)), modelRequest({ model }), signal);
}

test("by the binding a call is Chat Completions, without network and key", async () => {
	const events = await answered(atFake);
	expect(events.filter(({ type }) => type !== "echo")).toEqual([
		{ type: "text", text: "By the binding." },
		{ type: "usage", usage: { input: 7, output: 3, cached: 0, reasoning: 0 } },
		{ type: "end", stop: "end" },
	]);
	expect(
		runs.map(([ran, inputs, { returnRawResponse, signal }]) => [
			ran,
			inputs,
			returnRawResponse,
			signal instanceof AbortSignal,
		]),
	).toEqual([
		[
			model,
			{
				messages: [
					{ role: "system", content: "Be brief." },
					{ role: "user", content: "What is 6 times 7?" },
				],
				max_tokens: 1000,
				stream: true,
				stream_options: { include_usage: true },
			},
			true,
			true,
		],
	]);
});

test("a zeroed account of tokens after the true one does not count", async () => {
	const choice = (delta: object, finish: string | null) =>
		sse(JSON.stringify({ choices: [{ index: 0, delta, finish_reason: finish }] }));
	const usage = (input: number, output: number) =>
		sse(JSON.stringify({ choices: [], usage: { prompt_tokens: input, completion_tokens: output } }));
	const body = [choice({ content: "Hi" }, null), choice({}, "stop"), usage(9, 2), usage(0, 0), sse("[DONE]")].join(
		"",
	);
	const events = await answered(binding(async () => new Response(body)));
	expect(events.filter(({ type }) => type === "usage")).toEqual([
		{ type: "usage", usage: { input: 9, output: 2, cached: null, reasoning: null } },
	]);
});

test.each<[string, AiBinding["run"], object]>([
	[
		"out of capacity is worth a retry",
		async () => Response.json({ errors: [{ code: 3040, message: "Out of capacity" }] }, { status: 429 }),
		{ code: "overloaded", retryable: true, retryAfterMs: null, message: "Out of capacity" },
	],
	[
		"a binding that throws is one that cannot be reached",
		() => Promise.reject(new Error("no such model")),
		{ code: "network", retryable: true, retryAfterMs: null, message: "workers-ai could not be reached" },
	],
])("%s", async (_, answer, failure) => {
	expect(await answered(binding(answer))).toEqual([
		{ type: "failed", failure },
		{ type: "end", stop: "error" },
	]);
});

test("an aborted call is aborted at the binding", async () => {
	const controller = new AbortController();
	const held = binding(
		(_, __, { signal }) =>
			new Promise((___, reject) => signal?.addEventListener("abort", () => reject(new Error("aborted")))),
	);
	const call = answered(held, controller.signal);
	setTimeout(() => controller.abort(), 20);
	expect(await call).toEqual([]);
	expect(runs.map(([, , { signal }]) => signal?.aborted)).toEqual([true]);
});

test("an account that the settings name goes before the binding", async () => {
	const urls: string[] = [];
	const send: typeof fetch = async (input) => {
		urls.push(String(input));
		return new Response(null, { status: 500 });
	};
	const backend = bound(atFake, account, send).open(specOf("workers-ai", {}, model));
	await collected(backend, modelRequest({ model }));
	expect([urls, runs]).toEqual([["https://api.cloudflare.com/client/v4/accounts/7/ai/v1/chat/completions"], []]);
});

const three = [
	"workers-ai @cf/zai-org/glm-4.7-flash",
	"workers-ai @cf/google/gemma-4-26b-a4b-it",
	"workers-ai @cf/nvidia/nemotron-3-120b-a12b",
];

test.each<[string, AiBinding | undefined, Record<string, string>, readonly string[] | null]>([
	["the binding and no key: three different models", atFake, {}, three],
	["a key: one agent of its host, and the binding stays out", atFake, { OPENAI_API_KEY: "k" }, ["openai gpt-5.5"]],
	["the account's key: one agent", atFake, account, ["workers-ai @cf/zai-org/glm-4.7-flash"]],
	["an account without an address is none", atFake, { WORKERS_AI_API_KEY: "k" }, three],
	["neither: no such team", undefined, {}, null],
])("the team auto with %s", (_, ai, settings, expected) => {
	const backends = { ...makeBackends(settings, { fetch, now: Date.now, ai }), priced: () => true, serverTools: [] };
	const auto = builtInTeams(backends, { demoModels: ["demo"], local: [] }).find(({ name }) => name === "auto");
	const agents = auto?.agents.map((agent) => `${agent.backend} ${agent.model}`) ?? null;
	const faults = (auto?.agents ?? []).filter((agent) => backends.problem(agent) !== null);
	expect([agents, faults]).toEqual([expected, []]);
});
