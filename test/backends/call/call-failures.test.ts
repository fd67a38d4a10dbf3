import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, expect, test } from "vitest";
import type { Failure, ModelEvent, ModelRequest } from "../../../src/backends/backend.ts";
import { makeBackends } from "../../../src/backends/backends.ts";
import { collected, modelRequest } from "../../support/fake-request.ts";
import type { Step } from "../../support/fake-script.ts";
import { fakeStage, wireHosts } from "../../support/fake-stage.ts";

const { fake, scripted, backend } = await fakeStage();
afterAll(fake.close);

type Refusal = Pick<Failure, "code" | "retryable" | "retryAfterMs">;
const refusals: readonly (readonly [Step, Refusal])[] = [
	[{ status: 401 }, { code: "auth", retryable: false, retryAfterMs: null }],
	[{ status: 404 }, { code: "not_found", retryable: false, retryAfterMs: null }],
	[{ status: 429 }, { code: "rate_limited", retryable: true, retryAfterMs: null }],
	[
		{ status: 429, retryAfterSeconds: 7 },
		{ code: "rate_limited", retryable: true, retryAfterMs: 7000 },
	],
	[{ status: 500 }, { code: "server", retryable: true, retryAfterMs: null }],
];

test.each(wireHosts.flatMap((name) => refusals.map(([step, expected]) => [name, step, expected] as const)))(
	"%s: %j fails as such, after one request",
	async (name, step, expected) => {
		const before = fake.requests.length;
		const events = await collected(backend(name), scripted([step]));
		const [first, ...rest] = events;
		const { message: _, ...failure } = first?.type === "failed" ? first.failure : { message: "" };
		expect([failure, rest, fake.requests.length - before]).toEqual([expected, [{ type: "end", stop: "error" }], 1]);
	},
);

function failureCodes(events: readonly ModelEvent[]): unknown[] {
	return events
		.map((event) =>
			event.type === "failed"
				? [event.failure.code, event.failure.retryable]
				: event.type === "end"
					? event.stop
					: event.type === "text"
						? event.text
						: event.type,
		)
		.filter((seen) => seen !== "usage" && seen !== "handle");
}

test.each(
	wireHosts.flatMap((name): [string, string, Step[], Partial<ModelRequest>, unknown[]][] => [
		["nothing comes", name, [{ hang: true }], { firstByteTimeoutMs: 60 }, [["first_byte_timeout", true], "error"]],
		[
			"a slow start is in time",
			name,
			[{ waitMs: 250 }, { text: "so" }],
			{ firstByteTimeoutMs: 3000, stallTimeoutMs: 200 },
			["so", "end"],
		],
		[
			"a stream stops",
			name,
			[{ text: "so " }, { text: "far" }, { hang: true }],
			{ stallTimeoutMs: 250 },
			["so ", "far", ["stall_timeout", true], "cut"],
		],
		[
			"a pause is no stall",
			name,
			[{ text: "so " }, { waitMs: 150 }, { text: "far" }, { waitMs: 150 }, { text: "." }, { waitMs: 150 }],
			{ stallTimeoutMs: 400 },
			["so ", "far", ".", "end"],
		],
		[
			"a stream is cut",
			name,
			[{ text: "so " }, { text: "far" }, { cut: true }],
			{},
			["so ", "far", ["bad_stream", true], "cut"],
		],
		[
			"a line is no JSON",
			name,
			[{ text: "so" }, { malformed: true }, { text: "lost" }],
			{},
			["so", ["bad_stream", true], "error"],
		],
	]),
)("%s (%s)", async (_, name, steps, changes, expected) => {
	const text = failureCodes(
		(await collected(backend(name), scripted(steps, changes))).filter((event) => event.type !== "echo"),
	);
	expect(joinedText(text)).toEqual(joinedText(expected));
});

function joinedText(seen: readonly unknown[]): unknown[] {
	const said = seen.filter((one) => typeof one === "string" && !["end", "cut", "error", "tools"].includes(one));
	return [said.join(""), ...seen.filter((one) => !said.includes(one))];
}

test("the time that the listener takes is no stall", async () => {
	const request = scripted([{ text: "a" }, { waitMs: 50 }, { text: "b" }, { waitMs: 50 }, { text: "c" }], {
		stallTimeoutMs: 300,
	});
	const events: ModelEvent[] = [];
	for await (const batch of backend("openai")(request, new AbortController().signal)) {
		events.push(...batch);
		if (batch.some((event) => event.type === "text" && event.text === "b")) await sleep(500);
	}
	expect(joinedText(failureCodes(events.filter((event) => event.type !== "echo")))).toEqual(["abc", "end"]);
});

test("nobody listens there", async () => {
	const closed = makeBackends(
		{ ...fake.settings, OPENAI_BASE_URL: "http://127.0.0.1:1/v1" },
		{ fetch, now: Date.now },
	);
	const events = await collected(closed.open({ backend: "openai", model: "m", params: {} }), modelRequest());
	expect(events).toEqual([
		{
			type: "failed",
			failure: {
				code: "network",
				retryable: true,
				retryAfterMs: null,
				message: expect.stringMatching(/^openai could not be reached/),
			},
		},
		{ type: "end", stop: "error" },
	]);
});

test("a key is never quoted back", async () => {
	const events = await collected(
		backend("anthropic"),
		scripted([{ status: 401, message: "the key fake-anthropic-key is wrong" }]),
	);
	expect(events[0]).toEqual({
		type: "failed",
		failure: { code: "auth", retryable: false, retryAfterMs: null, message: "the key [key] is wrong" },
	});
});

test("a key that fits no header is not quoted either", async () => {
	const broken = makeBackends(
		{ ANTHROPIC_API_KEY: "sec\nret", ANTHROPIC_BASE_URL: fake.url },
		{ fetch, now: Date.now },
	);
	const events = await collected(broken.open({ backend: "anthropic", model: "m", params: {} }), modelRequest());
	expect(events).toEqual([
		{
			type: "failed",
			failure: {
				code: "bad_request",
				retryable: false,
				retryAfterMs: null,
				message: "the request to anthropic could not be built: check its key, its base URL and the params",
			},
		},
		{ type: "end", stop: "error" },
	]);
});

test("an error page of any length is read only in its beginning", async () => {
	const server = createServer((_, response) => void response.writeHead(500).end("e".repeat(1_000_000)));
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const address = server.address();
	const url = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}/v1`;
	const events = await collected(
		makeBackends({ VLLM_BASE_URL: url }, { fetch, now: Date.now }).open({
			backend: "vllm",
			model: "m",
			params: {},
		}),
		modelRequest(),
	);
	server.closeAllConnections();
	server.close();
	expect(events).toEqual([
		{
			type: "failed",
			failure: { code: "server", retryable: true, retryAfterMs: null, message: `${"e".repeat(499)}…` },
		},
		{ type: "end", stop: "error" },
	]);
});

test.each<[string, Record<string, string>, number]>([
	["milliseconds", { "retry-after-ms": "1500.4", "retry-after": "9" }, 1500],
	["seconds", { "retry-after": "2" }, 2000],
	["a fraction of them", { "retry-after": "0.5" }, 500],
	["a date", { "retry-after": "Thu, 01 Jan 1970 00:00:12 GMT" }, 2000],
	["a date gone by", { "retry-after": "Thu, 01 Jan 1970 00:00:01 GMT" }, 0],
])("a header tells when to come back: %s", async (_, headers, expected) => {
	const refusing: typeof fetch = async () => new Response("{}", { status: 429, headers });
	const events = await collected(
		makeBackends({ GROQ_API_KEY: "k" }, { fetch: refusing, now: () => 10_000 }).open({
			backend: "groq",
			model: "m",
			params: {},
		}),
		modelRequest(),
	);
	expect(events.map((event) => (event.type === "failed" ? event.failure.retryAfterMs : event.type))).toEqual([
		expected,
		"end",
	]);
});

test("a redirect is not followed, for the key would go along", async () => {
	const server = createServer(
		(_, response) => void response.writeHead(307, { location: `${fake.url}/v1/chat/completions` }).end(),
	);
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const address = server.address();
	const url = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}/v1`;
	const before = fake.requests.length;
	const events = await collected(
		makeBackends({ GROQ_API_KEY: "k", GROQ_BASE_URL: url }, { fetch, now: Date.now }).open({
			backend: "groq",
			model: "m",
			params: {},
		}),
		scripted([{ text: "no" }]),
	);
	server.closeAllConnections();
	server.close();
	expect([events.map((event) => event.type), fake.requests.length - before]).toEqual([["failed", "end"], 0]);
});
