import { expect, test } from "vitest";
import type { ModelEvent } from "../../../src/backends/backend.ts";
import { cancelMsMax, runningAt, sendAside } from "../../../src/backends/call/running.ts";
import { makeSlots } from "../../../src/backends/pace/slots.ts";

const handle = (name: string): ModelEvent => ({ type: "handle", handle: name, cursor: null });
const failed = (code: "output_too_large" | "stall_timeout"): ModelEvent => ({
	type: "failed",
	failure: { code, retryable: false, retryAfterMs: null, message: "It is over." },
});
const end: ModelEvent = { type: "end", stop: "error" };

test.each<[string, string | null, readonly ModelEvent[], readonly string[]]>([
	["that nobody knows by name", null, [{ type: "text", text: "A" }], []],
	["that has told its name", null, [handle("a")], ["a"]],
	["that was taken up by its name", "a", [], ["a"]],
	["that goes by another name now", "a", [handle("b")], ["b"]],
	["that is finished", "a", [{ type: "end", stop: "end" }], []],
	["that was lost", "a", [failed("stall_timeout"), end], []],
	["that was too long, at once and only then", "a", [failed("output_too_large"), end], ["a"]],
])("an answer %s is abandoned once", (_, known, events, expected) => {
	const cancelled: string[] = [];
	const running = runningAt(known, (name) => void cancelled.push(name));
	running.note(events);
	running.abandon();
	running.abandon();
	expect(cancelled).toEqual(expected);
});

const request = async () => ({
	url: "http://127.0.0.1:9/",
	init: { method: "POST", headers: new Headers(), body: null },
});

/** Sends by a host that never answers, unless it is given up. */
const silent: typeof fetch = (_, init) =>
	new Promise((_resolve, reject) => init?.signal?.addEventListener("abort", () => reject(new Error("given up"))));

test(
	"what is sent aside waits neither for a slot nor for an answer any longer than it may, and frees its slot",
	{ timeout: 20_000 },
	async () => {
		const slots = makeSlots({ slotsMax: 1, queueMax: 1 });
		const startMs = performance.now();
		await Promise.all([sendAside(request, { fetch: silent, slots }), sendAside(request, { fetch: silent, slots })]);
		const tookMs = performance.now() - startMs;
		expect([tookMs >= cancelMsMax - 50, tookMs < cancelMsMax + 3000]).toEqual([true, true]);
		expect(await slots.take(new AbortController().signal)).toBe("taken");
	},
);

test("what cannot be built is not sent", async () => {
	const slots = makeSlots({ slotsMax: 1, queueMax: 1 });
	let sent = 0;
	const counting: typeof fetch = async () => new Response(`${sent++}`);
	await sendAside(() => Promise.reject(new Error("no key")), { fetch: counting, slots });
	expect(sent).toBe(0);
});
