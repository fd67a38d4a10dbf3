import { afterAll, beforeAll, expect, test } from "vitest";
import type { LoggedEvent } from "../../src/consensus/events.ts";
import { promptBlocks, tokensOf } from "../support/fake-cache.ts";
import { shownAnswers, type RecordedRequest } from "../support/fake-providers.ts";
import type { Brain, FakeRequest } from "../support/fake-script.ts";
import { newAnswer } from "../support/members.ts";
import { played, startTestServer, type Team, type TestServer } from "../support/server.ts";
import { picked } from "../support/trace.ts";

/**
 * Four agents of one model and a long question, in a whole session: each hands in an answer and votes in its next round, and
 * `d` has to be reminded in its first one. What caches give is worked out here from the lengths of what was sent.
 */

const agents = ["a", "b", "c", "d"] as const;
type Agent = (typeof agents)[number];
const tale = "A long tale with many turns. ".repeat(1400);
const question = `Which of these is it? ${tale}`;
/** Longer than a step of the automatic caches, so that an agent shares more with itself than with the others. */
const roleOf = (agent: Agent) => `You are ${agent}. ${"You check what others take for granted. ".repeat(30)}`;
const answers = {
	a: "It is the first, since the tale begins with it.",
	b: "Number two: nobody else was at the mill that night.",
	c: "The third one, for its shoes were wet.",
	d: "None of them, because the clock had stopped at noon.",
} as const;

let server: TestServer;
beforeAll(async () => void (server = await startTestServer()));
afterAll(() => server.close());

/** Long enough for all to have asked by then who wait for nobody. */
const firstMs = 300;

function agentIn(text: string): Agent {
	return agents.find((agent) => text.includes(`You are ${agent}.`)) ?? "a";
}

/** With `together` no answer begins before all four agents have asked; else only the first one's is late. */
function team(backend: string, model: string, together: boolean): Team {
	const all = Promise.withResolvers<void>();
	let asked = 0;
	const brain: Brain = (request) => {
		asked += 1;
		if (asked === agents.length) all.resolve();
		const wait = together ? { waitFor: all.promise } : { waitMs: asked === 1 ? firstMs : 0 };
		return [wait, stepOf(request)];
	};
	server.plays(model, brain);
	const params = backend === "openai-chat" ? { base_url: `${server.fake.url}/v1` } : {};
	return {
		protocol: { final: "reuse", stop: "all" },
		agents: agents.map((id) => ({ id, backend, model, system: roleOf(id), params })),
	};
}

function stepOf({ messages }: FakeRequest) {
	const text = messages.map((message) => message.text).join("\n");
	const agent = agentIn(text);
	const best = shownAnswers(text).find((shown) => shown.text === answers.a);
	if (best !== undefined) return { tool: "vote", arguments: { answer: best.label, reason: "It fits." } };
	const hasSpoken = messages.some(({ role }) => role === "assistant");
	return agent === "d" && !hasSpoken ? { text: "Let me think." } : newAnswer(answers[agent]);
}

/** One request as caches see it: its text, its tokens, and those up to the end of the task. */
type Sent = { readonly text: string; readonly tokens: number; readonly prefixTokens: number };

function sentBy(agent: Agent, requests: readonly RecordedRequest[], model: string): readonly Sent[] {
	const prompts = requests.map(({ wire, body }) => promptBlocks({ wire, model, body }).map(({ text }) => text));
	return prompts
		.filter((texts) => agentIn(texts.join("")) === agent)
		.map((texts) => {
			const task = texts.findIndex((text) => text.includes(tale));
			return {
				text: texts.join(""),
				tokens: tokensOf(texts.join("").length),
				prefixTokens: tokensOf(texts.slice(0, task + 1).join("").length),
			};
		});
}

type Use = { readonly input: number; readonly cached: number; readonly written: number };

/** What each call of each agent used, as the log has it. */
function used(events: readonly LoggedEvent[]): Record<string, Use[]> {
	const whose = new Map(picked(events, "call.started").map(({ call, agent }) => [call, agent ?? ""]));
	const uses: Record<string, Use[]> = {};
	for (const { call, usage } of picked(events, "call.finished"))
		(uses[whose.get(call) ?? ""] ??= []).push({
			input: usage?.input ?? 0,
			cached: usage?.cached ?? 0,
			written: usage?.written ?? 0,
		});
	return uses;
}

/** `before`: the agent's earlier requests. `first`: no request of the model's came before it. */
type Expecting = (sent: Sent, before: readonly Sent[], first: boolean) => number;

/** An entry ends where a breakpoint stood: at the agent's own last word, within a round, or else at the task. */
const atBreakpoints: Expecting = ({ text, prefixTokens }, before) =>
	before.findLast((earlier) => text.startsWith(earlier.text))?.tokens ?? prefixTokens;

/** One that waits for nobody finds nothing the first time. */
const together =
	(later: Expecting): Expecting =>
	(sent, before, first) =>
		before.length === 0 ? 0 : later(sent, before, first);

const inSteps: Expecting = ({ text }, before) => {
	const common = Math.max(...before.map((earlier) => commonChars(text, earlier.text)));
	return Math.floor(common / 4 / 128) * 128;
};

function commonChars(one: string, other: string): number {
	let at = 0;
	while (at < one.length && one[at] === other[at]) at += 1;
	return at;
}

type Case = {
	readonly together: boolean;
	readonly cached: Expecting;
	/** Whether what is written is counted: all that was not read. */
	readonly counted: boolean;
	/** The cached part of the session's input, in per cent. */
	readonly share: number;
	/** US dollars a million tokens: plain, read, written. */
	readonly rates: readonly [number, number, number] | null;
};

test.each<[backend: string, model: string, Case]>([
	[
		"anthropic",
		"claude-opus-5",
		{
			together: false,
			cached: (sent, before, first) => (first ? 0 : atBreakpoints(sent, before, first)),
			counted: true,
			share: 86,
			rates: [5, 0.5, 6.25],
		},
	],
	[
		"openai",
		"gpt-5.6",
		{
			together: true,
			cached: together(atBreakpoints),
			counted: true,
			share: 54,
			rates: [4, 0.4, 5],
		},
	],
	[
		"openai",
		"gpt-5.5",
		{
			together: true,
			cached: together(inSteps),
			counted: false,
			share: 55,
			rates: [5, 0.5, 5],
		},
	],
	["openai-chat", "local", { together: true, cached: together(inSteps), counted: false, share: 55, rates: null }],
	[
		"gemini",
		"gemini-3.1-pro-preview",
		{
			together: true,
			cached: together(inSteps),
			counted: false,
			share: 55,
			rates: [2, 0.2, 2],
		},
	],
])("%s, %s: what four agents and their next rounds find in the cache", async (backend, model, expecting) => {
	const { cached, counted, rates } = expecting;
	const asked = team(backend, model, expecting.together);
	const { id, events } = await played(server, asked, question);
	const requests = server.requestsOf(asked, "a");
	const leader = agentIn(JSON.stringify(requests[0]?.body));

	const expected = Object.fromEntries(
		agents.map((agent) => {
			const sent = sentBy(agent, requests, model);
			const uses = sent.map((one, i): Use => {
				const read = cached(one, sent.slice(0, i), agent === leader && i === 0);
				return { input: one.tokens, cached: read, written: counted ? one.tokens - read : 0 };
			});
			return [agent, uses];
		}),
	);
	expect(used(events)).toEqual(expected);
	expect(agents.map((agent) => expected[agent]?.length)).toEqual([2, 2, 2, 3]);

	const all = Object.values(expected).flat();
	const sum = (name: keyof Use) => all.reduce((total, use) => total + use[name], 0);
	const { usage, cache } = await server.client.session(id);
	expect({ input: usage.input, cached: usage.cached, written: usage.written, share: cache.share }).toEqual({
		input: sum("input"),
		cached: sum("cached"),
		written: sum("written"),
		share: sum("cached") / sum("input"),
	});
	expect(Math.round((cache.share ?? 0) * 100)).toBe(expecting.share);
	const [plain = 0, read = 0, write = 0] = rates ?? [];
	const saved = (sum("cached") * (plain - read) - sum("written") * (write - plain)) / 1e6;
	expect(cache.saved_usd === null ? null : Number(cache.saved_usd.toFixed(9))).toBe(
		rates === null ? null : Number(saved.toFixed(9)),
	);
});
