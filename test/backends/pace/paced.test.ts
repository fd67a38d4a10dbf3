import { expect, test } from "vitest";
import type { Attachment } from "../../../src/backends/backend.ts";
import { makePace, type CallPace, type PacedCall } from "../../../src/backends/pace/pace.ts";
import { pacedCalls } from "../../../src/backends/pace/paced.ts";
import type { Endpoint } from "../../../src/backends/hosts.ts";
import { hostNamed } from "../../../src/backends/hosts.ts";
import { sleep } from "../../../src/backends/sleep.ts";
import { modelRequest } from "../../support/fake-request.ts";

/** A pace that notes what it is asked. */
function noting() {
	const asked: PacedCall[] = [];
	const inner = makePace({ now: () => 0, random: () => 0, sleep });
	const pace: CallPace = {
		...inner,
		admit: (call, signal, held) => {
			asked.push(call);
			return inner.admit(call, signal, held);
		},
	};
	return { asked, calls: pacedCalls(pace) };
}

function endpoint(baseUrl: string): Endpoint {
	const host = hostNamed("openai-chat");
	if (host === null) throw new Error("the row is there");
	return { name: "openai-chat", baseUrl, key: "secret-key", wire: host.wire, quirks: host.quirks };
}

const waiting = { signal: new AbortController().signal, held: () => {} };
const picture: Attachment = { name: "a.png", mediaType: "image/png", base64: "A".repeat(4000) };

test.each<[string, number, readonly Attachment[], number]>([
	["four characters are a token", 400, [], 100],
	["a part of one is one", 401, [], 101],
	["a picture is no text", 4400, [picture], 100],
	["nor are two", 8400, [picture, picture], 100],
	["a body that leaves them out has no less than no tokens", 400, [picture], 0],
])("the estimate of a call's input: %s", async (_, characters, attachments, tokens) => {
	const { asked, calls } = noting();
	const request = modelRequest({ messages: [{ role: "user", text: "?", attachments }] });
	await calls.admitAt(endpoint("https://a.example"))(request, "x".repeat(characters), waiting);
	expect(asked).toEqual([
		{ name: "openai-chat", baseUrl: "https://a.example", key: "secret-key", model: request.model, tokens },
	]);
});

test("a session is shown each place and model once, by name, without URL and key", async () => {
	const { calls } = noting();
	const asks = [
		["https://a.example", "m1"],
		["https://b.example", "m1"],
		["https://a.example", "m2"],
		["https://a.example", "m1"],
	] as const;
	for (const [url, model] of asks) await calls.admitAt(endpoint(url))(modelRequest({ model }), "", waiting);
	const free = { backend: "openai-chat", state: "closed", requests_left: null, tokens_left: null, resets_at: null };
	expect(calls.hosts()).toEqual(["m1", "m1", "m2"].map((model) => ({ ...free, model })));
});

test.each([
	["as many as are shown", 64, "m0"],
	["one more, and the first is left out", 65, "m1"],
])("%s", async (_, count, first) => {
	const { calls } = noting();
	const admit = calls.admitAt(endpoint("https://a.example"));
	for (let i = 0; i < count; i++) await admit(modelRequest({ model: `m${i}` }), "", waiting);
	const shown = calls.hosts().map(({ model }) => model);
	expect([shown.length, shown[0]]).toEqual([64, first]);
});
