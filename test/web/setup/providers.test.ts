import { expect, test } from "vitest";
import type { TeamList } from "../../../src/api/contract.ts";
import { isAnyHost, providersOf, type Provider } from "../../../src/web/setup/providers.ts";
import { triedText } from "../../../src/web/setup/tried-text.ts";
import { doingText, type Doing } from "../../../src/web/setup/doing.ts";
import { teamOf } from "../../support/api.ts";

const host = (name: string, key: "setting" | "stored" | "none", wire = "openai-chat"): Provider => ({
	name,
	ready: key !== "none",
	model: null,
	why: null,
	key,
	wire,
});
const demo: Provider = { name: "demo", ready: true, model: null, why: null, key: "none" };
const local = teamOf({
	name: "local",
	agents: [
		{ id: "a", backend: "ollama", model: "one" },
		{ id: "b", backend: "vllm", model: "two" },
		{ id: "c", backend: "ollama", model: "three" },
	],
});
const teams = (built_in: readonly string[]): TeamList => ({ teams: [local], built_in });

test("providers with a key stand apart from those without; what computes by itself is none", () => {
	const [openai, gemini, xai] = [host("openai", "stored"), host("gemini", "setting"), host("xai", "none")];
	expect(providersOf({ backends: [demo, xai, openai, gemini] }, teams([]))).toEqual({
		keyed: [openai, gemini],
		others: [xai],
		local: [],
	});
});

test("the servers of this machine are those of the built-in team", () => {
	expect(providersOf({ backends: [] }, teams(["local"])).local).toEqual([
		{ backend: "ollama", models: ["one", "three"] },
		{ backend: "vllm", models: ["two"] },
	]);
});

test.each([
	[host("openai-chat", "none"), true],
	[host("groq", "none"), false],
	[demo, false],
])("%j is any host: %s", (provider, expected) => {
	expect(isAnyHost(provider)).toBe(expected);
});

test.each([
	[{ ok: true, latency_ms: 320.4, detail: "it answered: ready" }, "m answered in 320 ms."],
	[{ ok: true, latency_ms: 1240, detail: "it answered" }, "m answered in 1.2 s."],
	[{ ok: false, latency_ms: 95, detail: "auth: no such key" }, "No answer of m after 95 ms: auth: no such key"],
	[{ ok: false, latency_ms: 0, detail: "xai needs a key" }, "xai needs a key"],
])("%j is told as %j", (tried, expected) => {
	expect(triedText({ model: "m", ...tried })).toBe(expected);
});

test.each<[Doing, ReturnType<typeof doingText>]>([
	[{ status: "rest" }, null],
	[
		{ status: "busy", what: "Asking…" },
		{ tone: "", text: "Asking…" },
	],
	[
		{ status: "tried", tried: { ok: true, latency_ms: 5, model: "m", detail: "" } },
		{ tone: "good", text: "m answered in 5 ms." },
	],
	[
		{ status: "refused", fault: "Not here.", paths: [] },
		{ tone: "bad", text: "Not here." },
	],
])("%j is shown as %j", (doing, expected) => {
	expect(doingText(doing)).toEqual(expected);
});
