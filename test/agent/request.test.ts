import { expect, test } from "vitest";
import { requestOf, type Outcome } from "../../src/agent/request.ts";
import type { CallId, FileId, NewFile } from "../../src/consensus/events.ts";
import type { Prompt } from "../../src/prompts/prompt.ts";
import { teamOf } from "../consensus/scenario.ts";

const call = "t1.a1.r1.c1.x1" as CallId;
const prompt: Prompt = {
	system: "Charter.",
	tools: [],
	messages: [
		{ role: "user", text: "Task." },
		{ role: "reply", call, answer: "Again." },
	],
};
const { limits } = teamOf({});
const settings = { model: "m", params: {}, limits, cacheKey: "s1" };
const noFile = () => null;
const said = (...names: string[]): Outcome => ({
	text: "Hm.",
	toolCalls: names.map((name, i) => ({ id: `c${i}`, name, arguments: {} })),
	echo: [{ verbatim: true }],
});

test.each<[string, Outcome, unknown]>([
	["a reply in words is answered in words", said(), { role: "user", text: "Again." }],
	[
		"a tool call is answered by its result",
		said("vote"),
		{ role: "tool", results: [{ id: "c0", name: "vote", text: "Again.", ok: false }] },
	],
	[
		"of several calls each has a result, and the first one says it all",
		said("vote", "vote"),
		{
			role: "tool",
			results: [
				{ id: "c0", name: "vote", text: "Again.", ok: false },
				{ id: "c1", name: "vote", text: "See the result of the first call.", ok: false },
			],
		},
	],
])("%s", (_, outcome, answer) => {
	expect(requestOf(prompt, settings, () => outcome, noFile).messages).toEqual([
		{ role: "user", text: "Task." },
		{ role: "assistant", ...outcome },
		answer,
	]);
});

test("a message comes with its files, JSON as the text that it is", () => {
	const refs = ["f1", "f2"].map((file) => ({ file: file as FileId, name: "?", media_type: "?", bytes: 3 }));
	const kept: Readonly<Record<string, NewFile>> = {
		f1: { name: "a.png", media_type: "image/png", base64: "QUJD" },
		f2: { name: "a.json", media_type: "application/json", base64: "e30=" },
	};
	const showing: Prompt = { ...prompt, messages: [{ role: "user", text: "Task.", attachments: refs }] };
	const request = requestOf(
		showing,
		settings,
		() => null,
		(file) => kept[file] ?? null,
	);
	expect(request.messages).toEqual([
		{
			role: "user",
			text: "Task.",
			attachments: [
				{ name: "a.png", mediaType: "image/png", base64: "QUJD" },
				{ name: "a.json", mediaType: "text/plain", base64: "e30=" },
			],
		},
	]);
	expect(() => requestOf(showing, settings, () => null, noFile)).toThrow("the session keeps the file f1");
});

test("limits of the team are limits of the request, in milliseconds", () => {
	const { outputTokensMax, firstByteTimeoutMs, stallTimeoutMs } = requestOf(prompt, settings, () => said(), noFile);
	expect([outputTokensMax, firstByteTimeoutMs, stallTimeoutMs]).toEqual([16_000, 60_000, 60_000]);
});

test("a reply that the ledger has lost is a broken invariant", () => {
	expect(() => requestOf(prompt, settings, () => null, noFile)).toThrow(
		"the ledger has the outcome of t1.a1.r1.c1.x1",
	);
});
