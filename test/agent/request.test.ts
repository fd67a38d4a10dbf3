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
const base = { params: {}, tools: [], resume: true, limits, cacheKey: "s1" } as const;
const settings = { ...base, backend: "b", model: "m" };
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

const ours = { backend: "b", model: "m" };
const echoed = { role: "assistant", text: "Hm.", toolCalls: [], echo: [{ verbatim: true }] };
const retold = { ...echoed, echo: [] };
const again = { role: "user", text: "Again." };
test.each<[string, "reply" | "paused", Outcome, readonly unknown[]]>([
	["its own words go back as it said them", "reply", { ...said(), by: ours }, [echoed, again]],
	["so do those of a row that names nobody", "reply", said(), [echoed, again]],
	[
		"another model's words go without what only that one reads",
		"reply",
		{ ...said(), by: { ...ours, model: "other" } },
		[retold, again],
	],
	["the same model elsewhere is another", "reply", { ...said(), by: { ...ours, backend: "other" } }, [retold, again]],
	[
		"another model's tool calls have their results all the same",
		"reply",
		{ ...said("vote"), by: { ...ours, model: "other" } },
		[
			{ ...retold, toolCalls: said("vote").toolCalls },
			{ role: "tool", results: [{ id: "c0", name: "vote", text: "Again.", ok: false }] },
		],
	],
	[
		"of another model's turn that holds nothing else there is no message",
		"reply",
		{ ...said(), text: " ", by: { ...ours, model: "other" } },
		[again],
	],
	[
		"nor is there one of its own where nothing was kept",
		"reply",
		{ text: "", toolCalls: [], echo: [], by: ours },
		[again],
	],
	[
		"P1: who paused before it said anything is asked the same again",
		"paused",
		{ text: "", toolCalls: [], echo: [], by: ours },
		[],
	],
	["P1: one who paused goes on after its own words", "paused", { ...said(), by: ours }, [echoed]],
	[
		"P10: another model that takes over from one who paused is told so",
		"paused",
		{ ...said(), by: { ...ours, model: "other" } },
		[retold, again],
	],
])("%s", (_, role, outcome, messages) => {
	const asked: Prompt = { ...prompt, messages: [{ role, call, answer: "Again." }] };
	expect(requestOf(asked, settings, () => outcome, noFile).messages).toEqual(messages);
});

test.each<[string, readonly string[], readonly string[]]>([
	["none", [], []],
	[
		"in the order of the port, so that a prefix stays the same",
		["code_execution", "web_search"],
		["web_search", "code_execution"],
	],
	["and no others", ["search", "web_fetch"], ["web_fetch"]],
])("tools of the provider's that an agent has: %s", (_, tools, serverTools) => {
	const request = requestOf(prompt, { ...settings, tools, resume: false }, () => said(), noFile);
	expect([request.serverTools, request.output, request.resumable]).toEqual([serverTools, null, false]);
});
