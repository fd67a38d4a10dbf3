import { describe, expect, test } from "vitest";
import type { Usage } from "../../src/backends/backend.ts";
import { hosts } from "../../src/backends/hosts.ts";
import table from "../../src/backends/price-table.json" with { type: "json" };
import { isPriced, priceOf, savedOf } from "../../src/backends/prices.ts";
import { badInput, makeApi, send } from "../support/api.ts";
import { modelsAt, namesOf, priceTable, sourcePrice } from "../support/update-prices.ts";

const tokens = (input: number | null, output: number | null, cached: number | null = null): Usage => ({
	input,
	output,
	cached,
	reasoning: null,
});
const million = tokens(1e6, 1e6);
/** Below every tier. */
const small = tokens(10_000, 1000, 4000);
const wrote = { ...small, written: 5000 };

describe("what a call costs", () => {
	test.each<[backend: string, model: string, usage: Usage, dollars: number]>([
		["anthropic", "claude-opus-5", million, 5 + 25],
		["anthropic", "claude-opus-5", small, (6000 * 5 + 4000 * 0.5 + 1000 * 25) / 1e6],
		["anthropic", "claude-opus-5-5", small, (6000 * 4 + 4000 * 0.2 + 1000 * 20) / 1e6],
		["anthropic", "claude-opus-5", wrote, (1000 * 5 + 4000 * 0.5 + 5000 * 6.25 + 1000 * 25) / 1e6],
		["openai", "gpt-5.6", wrote, (1000 * 4 + 4000 * 0.4 + 5000 * 5 + 1000 * 20) / 1e6],
		["anthropic", "claude-haiku-4-5-20251001", tokens(1000, 100), 0.0015],
		["anthropic", "claude-sonnet-5", tokens(1000, 100), 0.003],
		["openai", "gpt-5.5", small, (6000 * 5 + 4000 * 0.5 + 1000 * 30) / 1e6],
		["openai", "gpt-5.5-2026-04-23", tokens(1000, 100), 0.008],
		["openai", "gpt-4o-2024-05-13", tokens(1000, 100), 0.0065],
		["openai", "gpt-4o", tokens(1000, 100), 0.0035],
		["gemini", "gemini-3.1-pro-preview", small, (6000 * 2 + 4000 * 0.2 + 1000 * 12) / 1e6],
		["gemini", "gemini-2.5-flash", tokens(1000, 100), 0.00055],
		["xai", "grok-4.3", small, (6000 * 1.25 + 4000 * 0.2 + 1000 * 2.5) / 1e6],
		["xai", "grok-4.3-latest", tokens(1000, 100), 0.0015],
		["zai", "glm-5.2", small, (6000 * 1.4 + 4000 * 0.26 + 1000 * 4.4) / 1e6],
		["zai", "GLM-5.2", tokens(1000, 100), 0.00184],
		["cerebras", "gpt-oss-120b", million, 0.35 + 0.75],
		["fireworks", "accounts/fireworks/models/gpt-oss-120b", million, 0.15 + 0.6],
		["groq", "openai/gpt-oss-120b", million, 0.15 + 0.6],
		["openrouter", "openai/gpt-oss-120b", million, 0.039 + 0.18],
		["openrouter", "anthropic/claude-haiku-4.5", tokens(1000, 100), 0.0015],
		["together", "meta-llama/Llama-3.3-70B-Instruct-Turbo", million, 0.88 + 0.88],
		["deepseek", "deepseek-v4-flash", small, (6000 * 0.22 + 4000 * 0.007 + 1000 * 0.66) / 1e6],
	])("%s %s", (backend, model, usage, dollars) => {
		expect(priceOf({ backend, model }, usage)).toBe(Number(dollars.toFixed(12)));
	});

	test.each<[title: string, backend: string, model: string, usage: Usage, dollars: number | null]>([
		["no tokens, no dollars", "openai", "gpt-5.5", tokens(0, 0), 0],
		["at the bound of a tier the base holds", "gemini", "gemini-2.5-pro", tokens(200_000, 0), 0.25],
		["past it the whole call is dearer", "gemini", "gemini-2.5-pro", tokens(200_001, 1000), 0.5150025],
		["cached input is dearer there, too", "gemini", "gemini-2.5-pro", tokens(300_000, 0, 300_000), 0.075],
		["cached tokens count for the tier", "gemini", "gemini-2.5-pro", tokens(200_001, 0, 200_001), 0.05000025],
		["without a rate of its own cached input is input", "cerebras", "gpt-oss-120b", tokens(1e6, 0, 1e6), 0.35],
		["more cached tokens than input are not believed", "openai", "gpt-5.5", tokens(1000, 0, 5000), 0.0005],
		[
			"without a rate of its own writing is input",
			"openai",
			"gpt-5.5",
			{ ...tokens(1000, 0), written: 1000 },
			0.005,
		],
		[
			"more written tokens than are left of the input are not believed",
			"anthropic",
			"claude-opus-5",
			{ ...tokens(1000, 0, 400), written: 5000 },
			(400 * 0.5 + 600 * 6.25) / 1e6,
		],
		["an uncounted input", "openai", "gpt-5.5", tokens(null, 5), null],
		["an uncounted output", "openai", "gpt-5.5", tokens(5, null), null],
		["the demo team costs nothing", "demo", "demo-exact", tokens(null, null), 0],
		["reasoning is in the output already", "openai", "gpt-5.5", { ...tokens(0, 1000), reasoning: 900 }, 0.03],
	])("%s", (_, backend, model, usage, dollars) => {
		expect(priceOf({ backend, model }, usage)).toBe(dollars);
	});

	test.each<[title: string, model: string, at: string, dollars: number]>([
		["deepseek off peak", "deepseek-v4-flash", "2026-10-01T00:59:59Z", 0.22],
		["deepseek from the start of its peak", "deepseek-v4-flash", "2026-10-01T01:00:00Z", 0.44],
		["deepseek to the end of its peak", "deepseek-v4-flash", "2026-10-01T03:59:59.999Z", 0.44],
		["deepseek between its peaks", "deepseek-v4-flash", "2026-10-01T04:00:00Z", 0.22],
		["deepseek at the second peak", "deepseek-v4-flash", "2026-10-01T06:00:00Z", 0.44],
		["gemini before a raise", "gemini-3.6-flash", "2026-12-31T23:59:59.999Z", 0.75],
		["gemini from the day of the raise", "gemini-3.6-flash", "2027-01-01T00:00:00Z", 1.5],
	])("prices follow the clock: %s", (_, model, at, dollars) => {
		const backend = model.split("-")[0] ?? "";
		expect(priceOf({ backend, model }, tokens(1e6, 0), Date.parse(at))).toBe(dollars);
	});
});

describe("what a cache saved of it", () => {
	test.each<[title: string, backend: string, model: string, usage: Usage, dollars: number | null]>([
		["what was read costs less", "anthropic", "claude-opus-5", small, (4000 * 4.5) / 1e6],
		["less what writing costs on top", "anthropic", "claude-opus-5", wrote, (4000 * 4.5 - 5000 * 1.25) / 1e6],
		["who only writes loses", "openai", "gpt-5.6", { ...tokens(1000, 0, 0), written: 1000 }, -0.001],
		["writing is free where it has no rate", "openai", "gpt-5.5", { ...tokens(1000, 0, 0), written: 1000 }, 0],
		["nothing read, nothing saved", "openai", "gpt-5.5", million, 0],
		["without a rate of its own reading saves nothing", "cerebras", "gpt-oss-120b", small, 0],
		["the rates of a long input", "gemini", "gemini-2.5-pro", tokens(300_000, 0, 100_000), 0.225],
		["an uncounted output does not matter", "openai", "gpt-5.5", tokens(1000, null, 1000), 0.0045],
		["an uncounted input", "openai", "gpt-5.5", tokens(null, 5, 5), null],
		["a model without a price", "openai", "gpt-0", small, null],
		["the demo team has no caches", "demo", "demo-exact", tokens(null, null), 0],
	])("%s", (_, backend, model, usage, dollars) => {
		expect(savedOf({ backend, model }, usage)).toBe(dollars);
	});
});

describe("whose price is known", () => {
	test.each<[title: string, backend: string, model: string, known: boolean]>([
		["a name as listed", "anthropic", "claude-opus-5", true],
		["a snapshot by date", "anthropic", "claude-opus-5-20260724", true],
		["the latest snapshot", "anthropic", "claude-3-5-haiku-latest", true],
		["a snapshot by number", "gemini", "gemini-1.5-flash-002", true],
		["a dated snapshot of a name that is listed alone", "openai", "gpt-4o-2031-01-01", false],
		["any case, with space around", "openai", " GPT-5.5 ", true],
		["a release that does not exist", "anthropic", "claude-haiku-5-5", false],
		["a day after a name that takes no other ending", "anthropic", "claude-opus-5-2026-07-24", true],
		["a number after it", "anthropic", "claude-opus-5-001", false],
		["a minor release whose major one is known", "anthropic", "claude-sonnet-5-5", false],
		["a longer number", "anthropic", "claude-sonnet-50", false],
		["a smaller relative", "openai", "gpt-5.5-mini", false],
		["a preview", "gemini", "gemini-3.6-flash-preview", false],
		["pictures instead of text", "gemini", "gemini-3-pro-image-preview", false],
		["a model listed without any price", "openrouter", "openai/gpt-oss-120b:free", false],
		["another host's name", "openai", "claude-opus-5", false],
		["Claude at Google's other service", "gemini", "claude-opus-5", false],
		["an empty name", "openai", "", false],
		["a name of every object", "openai", "constructor", false],
		["the demo team", "demo", "demo-exact", true],
		["a local server", "ollama", "gpt-oss:20b", false],
		["lmstudio", "lmstudio", "gpt-oss-120b", false],
		["vllm", "vllm", "gpt-oss-120b", false],
		["sglang", "sglang", "gpt-oss-120b", false],
		["llamacpp", "llamacpp", "gpt-oss-120b", false],
		["any other host", "openai-chat", "gpt-5.5", false],
		["a backend that does not exist", "constructor", "gpt-5.5", false],
	])("%s: %s %s", (_, backend, model, known) => {
		const dollars = priceOf({ backend, model }, million);
		expect([isPriced({ backend, model }), dollars !== null]).toEqual([known, known]);
	});
});

describe("the table", () => {
	test("is what its generator makes of the installed package", () => {
		expect(table).toEqual(priceTable());
	});

	const listed = priceTable().rows;
	test("has rows for each host that sends bills, and for no other", () => {
		const billing = Object.entries(hosts).flatMap(([name, { key }]) => (key === "needed" ? [name] : []));
		expect(Object.keys(listed)).toEqual(billing);
		expect(Object.values(listed).filter((rows) => rows.length === 0)).toEqual([]);
	});

	test.each(Object.keys(listed))("every name of %s costs what the source says", (backend) => {
		const names = (listed[backend] ?? []).flatMap(([row]) => row.replaceAll(/[*#]/g, "").split(" "));
		expect(names.map((model) => compared(backend, model)).filter(({ ours, theirs }) => ours !== theirs)).toEqual(
			[],
		);
	});

	test.each(Object.keys(listed))(
		"no name at %s that is only like a listed one gets another model's price",
		(backend) => {
			const names = modelsAt(urlOf(backend)).flatMap(({ match }) => namesOf(match));
			const tried = names.flatMap((name) => likes.map((like) => name.replace(/[*#]?$/, like)));
			const priced = tried
				.filter((model) => isPriced({ backend, model }))
				.map((model) => compared(backend, model));
			const wrong = priced.filter(({ ours, theirs }) => theirs !== null && ours !== theirs);
			expect(wrong).toEqual([]);
		},
	);
});

const likes = ["-latest", "-001", "-0731", "-20260724", "@20260724", "-2026-07-24", "-5", "-mini", "-preview", "0"];

function urlOf(backend: string): string {
	return hosts[backend as keyof typeof hosts].baseUrl ?? "";
}

function compared(backend: string, model: string) {
	const theirs = sourcePrice(urlOf(backend), model, wrote);
	const ours = priceOf({ backend, model }, wrote);
	return { model, ours, theirs: theirs && Number(theirs.toFixed(12)) };
}

describe("a budget in dollars", () => {
	const backends = { ...makeApi().deps.backends, problem: () => null, priced: isPriced };
	const agent = (id: string, backend: string, model: string) => ({ id, backend, model });
	const known = [agent("a", "openai", "gpt-5.5"), agent("b", "demo", "demo-exact")];
	const judged = (model: string) => ({ protocol: { judge: { backend: "openai", model, params: {} } } });
	const unknown = "; cap tokens or calls instead";
	const accepted = { status: 202, body: expect.objectContaining({ id: "s1" }) };

	test.each<[title: string, team: object, expected: object]>([
		["is taken where every agent has a price", { agents: known }, accepted],
		["is taken where the judge has one, too", { agents: known, ...judged("gpt-5.5") }, accepted],
		[
			"names the agents whose price is unknown",
			{ agents: [...known, agent("c", "openai", "gpt-0"), agent("d", "anthropic", "claude-haiku-5-5")] },
			badInput({
				path: "team.budget.usd",
				message: `no price is known for \`c\` (openai gpt-0), \`d\` (anthropic claude-haiku-5-5)${unknown}`,
			}),
		],
		[
			"names the judge",
			{ agents: known, ...judged("gpt-0") },
			badInput({ path: "team.budget.usd", message: `no price is known for the judge (openai gpt-0)${unknown}` }),
		],
	])("%s", async (_, team, expected) => {
		const body = { question: "Why?", team: { ...team, budget: { usd: 1 } } };
		expect(await send(makeApi({ backends }), "/v1/sessions", { body })).toEqual(expected);
	});

	test.each<[title: string, model: string, budget: object, expected: object]>([
		["in dollars", "gpt-5.5", { usd: 5 }, { status: 202, body: { id: "s1", action: "budget" } }],
		[
			"in tokens, whatever the price",
			"gpt-0",
			{ tokens: 5 },
			{ status: 202, body: { id: "s1", action: "budget" } },
		],
		[
			"in dollars without a price",
			"gpt-0",
			{ usd: 5 },
			badInput({ path: "budget.usd", message: `no price is known for \`a\` (openai gpt-0)${unknown}` }),
		],
	])("while it runs a session may be given one, or not: %s", async (_, model, budget, expected) => {
		const api = makeApi({ backends });
		await send(api, "/v1/sessions", {
			body: { question: "Why?", team: { agents: [agent("a", "openai", model)] } },
		});
		expect(await send(api, "/v1/sessions/s1/steer", { body: { action: "budget", budget } })).toEqual(expected);
		const told = JSON.stringify(expected).includes("202")
			? [{ action: "budget", budget: { usd: null, tokens: null, calls: null, ...budget } }]
			: [];
		expect(api.sessions.opened()[0]?.steered).toEqual(told);
	});

	test("a stored team whose prices are unknown by now is not run", async () => {
		const api = makeApi({ backends });
		const team = { agents: [agent("a", "openai", "gpt-5.5")], budget: { usd: 1 } };
		await send(api, "/v1/teams/dear", { method: "PUT", body: team });
		const later = makeApi({ tenant: api.deps.tenant, backends: { ...backends, priced: () => false } });
		expect(await send(later, "/v1/sessions", { body: { question: "Why?", team: "dear" } })).toEqual(
			badInput({ path: "team.budget.usd", message: `no price is known for \`a\` (openai gpt-5.5)${unknown}` }),
		);
	});
});
