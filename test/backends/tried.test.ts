import { afterEach, expect, test } from "vitest";
import type { Backend, ModelEvent, ModelRequest } from "../../src/backends/backend.ts";
import { makeFailure } from "../../src/backends/failure.ts";
import { tried } from "../../src/backends/tried.ts";

const spec = { backend: "b", model: "m", params: {} };
const asked: ModelRequest[] = [];
afterEach(() => void asked.splice(0));

/** A backend that says this, or goes on for ever where it says nothing. */
function saying(...events: readonly ModelEvent[]): Backend {
	return async function* said(request, signal) {
		asked.push(request);
		if (events.length > 0) return yield events;
		await new Promise((resolve) => signal.addEventListener("abort", resolve));
	};
}

function clock() {
	let nowMs = 0;
	return () => (nowMs += 10);
}

const end: ModelEvent = { type: "end", stop: "length" };
test.each<[string, readonly ModelEvent[], boolean, string]>([
	["an answer", [{ type: "text", text: " ready\n" }, end], true, "it answered: ready"],
	["nothing but an end", [{ type: "reasoning", text: "hm" }, end], true, "it answered"],
	["a long answer", [{ type: "text", text: "x".repeat(201) }, end], true, `it answered: ${"x".repeat(200)}`],
	[
		"the key, from who echoes it",
		[{ type: "text", text: "Bearer sk-0123456789" }, end],
		true,
		"it answered: Bearer [redacted]",
	],
	["a failure", [{ type: "failed", failure: makeFailure("auth", "no such key") }, end], false, "auth: no such key"],
	["silence", [], false, "it has not answered within 0.02 seconds"],
])("%s is told", async (_, events, ok, detail) => {
	const backends = { open: () => saying(...events), problem: () => null };
	const came = await tried(backends, spec, { now: clock(), timeoutMs: 20 });
	expect(came).toEqual({ ok, latency_ms: 10, model: "m", detail });
	expect(asked.map(({ outputTokensMax, tools, params }) => [outputTokensMax, tools, params])).toEqual([[64, [], {}]]);
});

test("what is lacking is told without a call", async () => {
	const open = () => expect.unreachable("nothing is opened");
	const problem = () => ({ path: "backend", message: "set B_API_KEY" });
	expect(await tried({ open, problem }, spec, { now: clock() })).toEqual({
		ok: false,
		latency_ms: 10,
		model: "m",
		detail: "set B_API_KEY",
	});
});
