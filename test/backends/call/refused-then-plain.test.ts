import { afterAll, expect, test } from "vitest";
import type { ModelEvent } from "../../../src/backends/backend.ts";
import { makeBackends, type BackendsDeps } from "../../../src/backends/backends.ts";
import { breakerBounds } from "../../../src/backends/pace/breaker.ts";
import { startFakeProviders } from "../../support/fake-providers.ts";
import { settingsAt, specOf } from "../../support/fake-hosts.ts";
import { collected, modelRequest } from "../../support/fake-request.ts";
import type { Step } from "../../support/fake-script.ts";

/** A call whose resumable mode is refused is made again at once: what the first try left behind must not harm the second. */

const firstByteTimeoutMs = 100;

function backendAt(fetch: BackendsDeps["fetch"]) {
	return makeBackends(settingsAt("https://hosts.invalid"), { fetch, now: Date.now }).open(specOf("openai"));
}

const answer = `data: ${JSON.stringify({ type: "response.completed", response: { output: [] } })}\n\n`;

test("the wait for limits between the two is not the host's, which owes no first byte meanwhile", async () => {
	const bodies: string[] = [];
	const spent = {
		"x-ratelimit-limit-requests": "1",
		"x-ratelimit-remaining-requests": "0",
		"x-ratelimit-reset-requests": "300ms",
	};
	const backend = backendAt(async (_, init) => {
		bodies.push(String(init?.body));
		if (bodies.length > 1) return new Response(answer);
		return new Response("{}", { status: 400, headers: spent });
	});
	const events = await collected(backend, modelRequest({ resumable: true, firstByteTimeoutMs }));
	expect(events).toEqual([{ type: "end", stop: "end" }]);
	expect(bodies.map((body) => body.includes('"background":true'))).toEqual([true, false]);
});

test("a refusal whose words do not come in time is told as that, and nothing is sent again", async () => {
	let sent = 0;
	const backend = backendAt(async (_, init) => {
		sent += 1;
		const body = new ReadableStream({
			start: (controller) => init?.signal?.addEventListener("abort", () => controller.error(new Error("over"))),
		});
		return new Response(body, { status: 400 });
	});
	const events = await collected(backend, modelRequest({ resumable: true, firstByteTimeoutMs }));
	const message = "openai sent nothing in time";
	const failure = { code: "first_byte_timeout", retryable: true, retryAfterMs: null, message };
	expect(events).toEqual([
		{ type: "failed", failure },
		{ type: "end", stop: "error" },
	]);
	expect(sent).toBe(1);
});

const unbuilt: readonly Step[] = [{ status: 501, message: "not implemented" }];
const broken: readonly Step[] = [{ status: 500, message: "sorry" }];
const ok: readonly Step[] = [{ text: "Here I am." }];
const host = { steps: broken };
const fake = await startFakeProviders({
	brain: ({ background }) => (background && host.steps === ok ? unbuilt : host.steps),
});
afterAll(fake.close);

test("a host that has not built the mode (501) is not one that fails: the probe of its breaker goes on to the plain call", async () => {
	let nowMs = 0;
	const backends = makeBackends(settingsAt(fake.url), { fetch, now: () => nowMs });
	const call = () => collected(backends.open(specOf("openai")), modelRequest({ resumable: true }));
	host.steps = broken;
	for (let i = 0; i < breakerBounds.failuresMax; i++) await call();
	host.steps = ok;
	nowMs = breakerBounds.openMsMin;
	const texts = (await call()).filter(isTold);
	expect([texts, backends.pace().hosts.map(({ state }) => state)]).toEqual([
		[{ type: "text", text: "Here I am." }],
		["closed"],
	]);
});

function isTold({ type }: ModelEvent): boolean {
	return type === "text" || type === "failed";
}
