import { afterAll, expect, test } from "vitest";
import type { Backend, ModelEvent, ModelRequest } from "../../../src/backends/backend.ts";
import { hosts, type Endpoint } from "../../../src/backends/hosts.ts";
import {
	leadPrefixCharsMin,
	leadPrefixesMax,
	leadWaitMs,
	leadWarmMs,
	makeLeading,
} from "../../../src/backends/pace/lead.ts";
import { collected, modelRequest } from "../../support/fake-request.ts";
import type { Step } from "../../support/fake-script.ts";
import { fakeStage } from "../../support/fake-stage.ts";

/** A call of a model that a test leads by the hand. */
type Call = {
	readonly leave: () => Promise<void>;
	readonly says: (...events: readonly ModelEvent[]) => Promise<void>;
	readonly ends: () => Promise<void>;
};

const endpoint: Endpoint = {
	name: "anthropic",
	baseUrl: "https://one.invalid",
	key: null,
	wire: "anthropic-messages",
	quirks: hosts.anthropic.quirks,
};
const text: ModelEvent = { type: "text", text: "So" };
const failed: readonly ModelEvent[] = [
	{ type: "failed", failure: { code: "overloaded", retryable: true, retryAfterMs: null, message: "Busy." } },
	{ type: "end", stop: "error" },
];
const long = "x".repeat(leadPrefixCharsMin);

/** Everything that has been started comes to its next wait. */
async function settled(): Promise<void> {
	for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve));
}

/** Calls to a scripted model under a clock that only a test moves. `sent` names those that have left, in order. */
function scene() {
	let nowMs = 0;
	let timers: { readonly atMs: number; readonly run: () => void }[] = [];
	const sent: string[] = [];
	const scripts = new Map<string, ReturnType<typeof scripted>>();
	const backend: Backend = (request, signal) => {
		const name = nameOf(request);
		sent.push(name);
		return played(scripts.get(name) ?? scripted(), signal);
	};
	const leading = makeLeading({
		now: () => nowMs,
		later: (run, ms) => {
			const timer = { atMs: nowMs + ms, run };
			timers.push(timer);
			return () => void (timers = timers.filter((other) => other !== timer));
		},
	});
	const pass = async (ms: number): Promise<void> => {
		nowMs += ms;
		const due = timers.filter(({ atMs }) => atMs <= nowMs);
		timers = timers.filter(({ atMs }) => atMs > nowMs);
		for (const { run } of due) run();
		await settled();
	};
	const call = async (name: string, changes: Partial<ModelRequest> = {}, at = endpoint): Promise<Call> => {
		const script = scripted();
		scripts.set(name, script);
		const aborting = new AbortController();
		void collected(leading(backend, at), requestOf(name, changes), aborting.signal);
		await settled();
		const told = async (batch: readonly ModelEvent[] | null): Promise<void> => {
			script.push(batch);
			await settled();
		};
		return {
			leave: async () => {
				aborting.abort();
				await settled();
			},
			says: (...events) => told(events),
			ends: () => told(null),
		};
	};
	return { call, pass, sent, timers: () => timers.length };
}

/** The task is the same for all, the second message names the call. */
function requestOf(name: string, changes: Partial<ModelRequest>): ModelRequest {
	const messages = [
		{ role: "user", text: long },
		{ role: "user", text: name },
	] as const;
	return modelRequest({ messages, ...changes });
}

function nameOf({ messages }: ModelRequest): string {
	const last = messages.at(-1);
	return last?.role === "user" ? last.text : "";
}

/** Batches to come; null ends it. */
function scripted() {
	const batches: (readonly ModelEvent[] | null)[] = [];
	let wake = (): void => {};
	return {
		push: (batch: readonly ModelEvent[] | null) => {
			batches.push(batch);
			wake();
		},
		next: async (signal: AbortSignal): Promise<readonly ModelEvent[] | null> => {
			if (batches.length === 0 && !signal.aborted)
				await new Promise<void>((resolve) => {
					wake = resolve;
					signal.addEventListener("abort", () => resolve(), { once: true });
				});
			return batches.shift() ?? null;
		},
	};
}

async function* played(script: ReturnType<typeof scripted>, signal: AbortSignal) {
	for (let batch = await script.next(signal); batch !== null; batch = await script.next(signal)) yield batch;
}

test("16 agents: the first goes, and the others in their order once its answer has begun", async () => {
	const { call, sent, timers } = scene();
	const names = Array.from({ length: 16 }, (_, i) => `a${i + 1}`);
	const calls: Call[] = [];
	for (const name of names) calls.push(await call(name));
	expect(sent).toEqual(["a1"]);
	await calls[0]?.says(text);
	expect([sent, timers()]).toEqual([names, 0]);
});

test.each<[title: string, what: (leader: Call, pass: (ms: number) => Promise<void>) => Promise<void>]>([
	["fails", (leader) => leader.says(...failed)],
	["ends without a word", (leader) => leader.ends()],
	["is given up", (leader) => leader.leave()],
	["takes too long", (_, pass) => pass(leadWaitMs)],
])("if the first one %s, all others go", async (_, what) => {
	const { call, sent, pass } = scene();
	const leader = await call("a1");
	await call("a2");
	await call("a3");
	await what(leader, pass);
	// What only failed has ended as well.
	await leader.ends();
	expect(sent).toEqual(["a1", "a2", "a3"]);
});

test("nobody waits longer than the bound, counted from when the first one went", async () => {
	const { call, sent, pass } = scene();
	await call("a1");
	await pass(leadWaitMs - 1);
	await call("a2");
	expect(sent).toEqual(["a1"]);
	await pass(1);
	expect(sent).toEqual(["a1", "a2"]);
});

test("one that waits and is given up is never sent, and holds up nobody", async () => {
	const { call, sent } = scene();
	const leader = await call("a1");
	const second = await call("a2");
	await call("a3");
	await second.leave();
	await leader.says(text);
	expect(sent).toEqual(["a1", "a3"]);
});

test("one that waits is seen to be queued, and then to be where its backend says", async () => {
	const { leading } = bare();
	const stages: string[][] = [[], []];
	const reads = stages.map((seen) => {
		const reading = leading(requestOf("a", {}), new AbortController().signal, (stage) => seen.push(stage));
		return reading[Symbol.asyncIterator]();
	});
	const leader = reads[0]?.next();
	void reads[1]?.next();
	expect(stages).toEqual([["queued"], ["queued"]]);
	await leader;
	await settled();
	const both = ["queued", "waiting"];
	expect(stages).toEqual([both, both]);
});

test("one that is given up before it starts is not sent", async () => {
	const { leading, sent } = bare();
	const gone = AbortSignal.abort();
	expect(await collected(leading, requestOf("a1", {}), gone)).toEqual([]);
	expect(sent).toEqual([]);
});

function bare() {
	const sent: string[] = [];
	const backend: Backend = async function* quiet(request, _, reached) {
		sent.push(nameOf(request));
		reached?.("waiting");
		yield [text];
	};
	const never = () => () => {};
	return { sent, leading: makeLeading({ now: () => 0, later: never })(backend, endpoint) };
}

test.each<[title: string, afterMs: number, sent: readonly string[]]>([
	["nobody waits", leadWarmMs - 1, ["a1", "a2", "a3"]],
	["somebody leads again", leadWarmMs, ["a1", "a2"]],
])("as long as the cache is warm %s (%i ms after its last use)", async (_, afterMs, expected) => {
	const { call, sent, pass } = scene();
	const leader = await call("a1");
	await leader.says(text);
	await pass(afterMs);
	await call("a2");
	await call("a3");
	expect(sent).toEqual(expected);
});

test("each use of the cache keeps it warm", async () => {
	const { call, sent, pass } = scene();
	await (await call("a1")).says(text);
	await pass(leadWarmMs - 1);
	await (await call("a2")).says(text);
	await pass(leadWarmMs - 1);
	await call("a3");
	await call("a4");
	expect(sent).toEqual(["a1", "a2", "a3", "a4"]);
});

test("once the first one has failed, the next to come leads", async () => {
	const { call, sent } = scene();
	const leader = await call("a1");
	await leader.says(...failed);
	await leader.ends();
	await call("a2");
	await call("a3");
	expect(sent).toEqual(["a1", "a2"]);
});

const tool = { name: "t", description: "", parameters: {} };
test.each<[what: string, changes: Partial<ModelRequest>, at?: Endpoint]>([
	["another model", { model: "model-2" }],
	["another session", { cacheKey: "session-2" }],
	["other tools", { tools: [tool] }],
	["tools of the provider", { serverTools: ["web_search"] }],
	["another system prompt", { system: "Be long." }],
	["other params", { params: { thinking: { type: "adaptive" } } }],
	["another format of the answer", { output: { name: "o", schema: {} } }],
	["another task", { messages: [{ role: "user", text: `${long}?` }] }],
	[
		"another attachment",
		{ messages: [{ role: "user", text: long, attachments: [{ name: "", mediaType: "", base64: "A" }] }] },
	],
	["another address", {}, { ...endpoint, baseUrl: "https://two.invalid" }],
])("%s is another prefix", async (_, changes, at = endpoint) => {
	const { call, sent } = scene();
	await call("a1");
	await call("a2", changes, at);
	expect(sent.length).toBe(2);
});

test("what stands after the task is no part of the prefix", async () => {
	const { call, sent } = scene();
	await call("a1");
	await call("a2", { messages: [...requestOf("a2", {}).messages, { role: "user", text: "And." }] });
	expect(sent).toEqual(["a1"]);
});

test.each<[chars: number, sent: number]>([
	[leadPrefixCharsMin - 1, 2],
	[leadPrefixCharsMin, 1],
])("a prefix of %i characters: of two calls %i go at once", async (chars, count) => {
	const { call, sent } = scene();
	// `[]`, no tools, is part of the prefix.
	const changes = { system: "", messages: [{ role: "user", text: "x".repeat(chars - 2) }] } as const;
	await call("a1", changes);
	await call("a2", changes);
	expect(sent.length).toBe(count);
});

test.each<[prefixes: number, sent: number]>([
	[leadPrefixesMax, leadPrefixesMax],
	[leadPrefixesMax + 1, leadPrefixesMax + 2],
])("with %i prefixes on their way the oldest one is kept, or forgotten and its calls sent", async (prefixes, count) => {
	const { leading, sent } = unending();
	const ask = (name: string, cacheKey: string) => void collected(leading, requestOf(name, { cacheKey }));
	ask("first", "0");
	ask("second", "0");
	for (let i = 1; i < prefixes; i++) ask(`a${i}`, String(i));
	await settled();
	expect(sent.length).toBe(count);
});

function unending() {
	const sent: string[] = [];
	const backend: Backend = async function* never(request) {
		sent.push(nameOf(request));
		await new Promise(() => {});
		yield [text];
	};
	const later = () => () => {};
	return { sent, leading: makeLeading({ now: () => 0, later })(backend, endpoint) };
}

const { fake, scripted: scriptedModel, backend } = await fakeStage();
afterAll(fake.close);

test.each<[backend: string, before: number]>([
	["anthropic", 1],
	["openai", 4],
	["groq", 4],
	["gemini", 4],
])("%s: of four calls that start together %i arrive before the first one's answer begins", async (name, before) => {
	const begin = Promise.withResolvers<void>();
	const arrived: string[] = [];
	const first: readonly Step[] = [{ waitFor: begin.promise }, { text: "ok" }];
	const request = scriptedModel(({ userTexts }) => {
		arrived.push(userTexts.at(-1)?.slice(-2) ?? "");
		return arrived.length === 1 ? first : [{ text: "ok" }];
	});
	const open = backend(name);
	const calls = ["a1", "a2", "a3", "a4"].map((agent) =>
		collected(open, { ...request, messages: requestOf(agent, {}).messages }),
	);
	await expect.poll(() => arrived.length).toBe(before);
	// Whoever was going to come without waiting is there by now.
	await new Promise((resolve) => setTimeout(resolve, 50));
	expect(arrived.length).toBe(before);
	begin.resolve();
	await Promise.all(calls);
	expect(arrived.toSorted()).toEqual(["a1", "a2", "a3", "a4"]);
});

test("a call that waits for a first one holds no slot", async () => {
	const begin = Promise.withResolvers<void>();
	const held = scriptedModel([{ waitFor: begin.promise }, { text: "late" }], {
		messages: requestOf("a", {}).messages,
	});
	const other = scriptedModel([{ text: "other" }]);
	const open = backend("anthropic", { slotsMax: 2 });
	const waiting = Array.from({ length: 3 }, () => collected(open, held));
	const events = await collected(open, other);
	expect(events.filter(({ type }) => type === "text")).toEqual([{ type: "text", text: "other" }]);
	begin.resolve();
	await Promise.all(waiting);
});
