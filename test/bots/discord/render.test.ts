import { describe, expect, test } from "vitest";
import type { Card } from "../../../bots/card.ts";
import { cardOf } from "../../../bots/card.ts";
import { chunksMax, finalInPlace, finalOf, finalPlain, isFinalOf, type Answer } from "../../../bots/discord/final.ts";
import { columnsOf } from "../../../bots/discord/plain.ts";
import { cardMessage, cardPlain, tableColumnsMax, tableOf, type Shown } from "../../../bots/discord/render.ts";
import { makeTeller, type Told } from "../../../bots/told.ts";
import type { JsonObject } from "../../../src/std/json.ts";
import { displayTexts } from "../../support/discord/component-rules.ts";
import { isEmptyMessage, messageFault } from "../../support/discord/message-rules.ts";
import { logOf } from "./rig.ts";

const log = logOf("0.3.0-crash-wait-and-attempts");
const session = "3f0c1f0a-6c4e-4b5e-9d53-0a8f6a4c2b11";
const ask = "1457536583141163186";

async function toldUpTo(seq: number): Promise<Told> {
	async function* events(_: string, { from = 1 }: { readonly from?: number } = {}) {
		yield* log.filter((event) => event.seq >= from);
	}
	return (await makeTeller({ events })({ session, seq }, AbortSignal.timeout(5000)))!;
}

async function shownAt(seq: number, change: Partial<Shown> = {}): Promise<Shown> {
	const told = await toldUpTo(seq);
	const page = "https://team.example/s/3f0c1f0a";
	return { card: cardOf(told), question: told.view.question, session, ask, page, mortal: "lasting", ...change };
}

/** All that a person reads, part by part, and what can be pressed. */
function seen({ components }: { readonly components: readonly unknown[] }): string {
	const texts = displayTexts(components as JsonObject[]);
	const labels = JSON.stringify(components).matchAll(/"(?:label|placeholder)":"([^"]*)"/g);
	return [...texts, [...labels].map(([, label]) => `[${label}]`).join(" ")].join("\n---\n");
}

describe("a card of a real session", () => {
	test("shows each agent while they think", async () => {
		expect(seen(cardMessage(await shownAt(20)))).toMatchInlineSnapshot(`
			"### Round 1 · 3 of 3 have answered
			> When do we open the sluice on Sunday?
			---
			🟢 **a** · model-a — answered
			🟢 **b** · model-b — answered
			🟢 **c** · model-c — answered
			---
			-# run 3f0c1f0a · free · began <t:1767225600:R>
			---
			[Stop] [Answer now] [Note] [Reasoning] [Live page] [Drop an agent] [a] [b] [c]"
		`);
	});
	test("shows votes as a table", async () => {
		expect(seen(cardMessage(await shownAt(39)))).toMatchInlineSnapshot(`
			"### Round 2 · b writes the answer
			> When do we open the sluice on Sunday?
			---
			🟢 **a** · model-a — votes for b
			🟢 **b** · model-b — votes for its own answer
			🟢 **c** · model-c — votes for b
			---
			\`\`\`
			agent votes for because
			a     b         It names the minute and the level.
			b     b         It names the minute and the level.
			c     b         It names the minute and the level.
			\`\`\`
			---
			-# run 3f0c1f0a · b leads with 3 of 3 · free · began <t:1767225600:R>
			---
			[Stop] [Answer now] [Note] [Reasoning] [Live page] [Drop an agent] [a] [b] [c]"
		`);
	});
	test("is short after the end", async () => {
		expect(seen(cardMessage(await shownAt(74)))).toMatchInlineSnapshot(`
			"### Consensus · 100 % of 3 agents agree
			> When do we open the sluice on Sunday?
			---
			**a** has 3 of 3 votes
			---
			-# run 3f0c1f0a · free · 26 s
			---
			[Reasoning] [Live page]"
		`);
	});
	test("does not count votes that nobody cast", async () => {
		const shown = await shownAt(74);
		const card = { ...shown.card, leader: { of: "a", votes: 0, team: 3 } };
		expect(seen(cardMessage({ ...shown, card })).split("\n---\n")[1]).toBe("The answer of **a**");
	});
	test("offers to go on where it waits, and a new token where only a click brings one", async () => {
		expect(seen(cardMessage(await shownAt(93, { mortal: "mortal", page: null })))).toMatchInlineSnapshot(`
			"### Waiting to be resumed
			> And on Monday?
			---
			🟠 **a** · model-a — thinks
			🟢 **b** · model-b — answered
			🟢 **c** · model-c — answered
			⏸️ It was interrupted several times in a row, so nothing more is spent until you say so: Go on, or Stop.
			---
			-# run 3f0c1f0a · free · began <t:1767225717:R>
			---
			[Stop] [Go on] [Answer now] [Note] [Reasoning] [Refresh] [Drop an agent] [a] [b] [c]"
		`);
	});
});

/** The same numbers at each run. */
function makeRandom(seed: number): () => number {
	let state = seed;
	return () => {
		state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
		return (state >>> 0) / 2 ** 32;
	};
}

const nasty = [
	"@everyone",
	"<@999>",
	"<@&1>",
	"```",
	"`",
	"~~~\n",
	"\n\n",
	"# ",
	"|",
	"| a | b |\n|---|---|\n| 1 | 2 |\n",
	"漢字",
	"👩‍👩‍👧‍👦",
	"\uD83D",
	"e\u0301",
	"![x](https://evil.example/a.png)",
	"[x](https://evil.example)",
	"\u202E",
	"\0",
	"word ",
	"https://evil.example/ ",
	"<t:0:R>",
	"||",
	"\\",
	" ".repeat(40),
	"x".repeat(70),
];

function hostile(random: () => number, piecesMax: number): string {
	const pieces = Math.floor(random() * piecesMax);
	return Array.from({ length: pieces }, () => nasty[Math.floor(random() * nasty.length)]).join("");
}

function hostileCard(random: () => number): Card {
	const some = (max: number) => Math.floor(random() * (max + 1));
	const text = () => hostile(random, 60).slice(0, 140);
	const statuses = ["running", "waiting", "consensus", "no_consensus", "failed", "cancelled"] as const;
	const states = ["pending", "working", "done", "failed"] as const;
	const names = Array.from({ length: some(16) }, (_, n) => `${"agent_".repeat(5)}${n}`.slice(-32));
	return {
		status: statuses[some(5)] ?? "running",
		title: text(),
		agents: names.map((name) => ({
			name,
			model: text().slice(0, 60),
			state: states[some(3)] ?? "done",
			says: text(),
		})),
		votes: names
			.slice(0, some(16))
			.map((agent) => ({ agent, for: text(), reason: text(), before: random() < 0.5 ? text() : null })),
		leader: random() < 0.5 ? null : { of: text(), votes: 3, team: 16 },
		dissent: random() < 0.5 ? null : text(),
		hint: random() < 0.5 ? null : text(),
		resumable: random() < 0.5,
		cost: "$0.08 of $0.50",
		startedAtMs: 1_795_608_000_000,
		elapsedS: 42,
		notes: some(3),
		droppable: names,
	};
}

const bytes = (texts: readonly string[]) => texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
const seeds = Array.from({ length: 300 }, (_, seed) => seed);

/** What Discord finds wrong with it; the undocumented sum of bytes is kept with room to spare. */
function faultOf(body: object, files: readonly { name: string; text: string }[] = []): unknown {
	const sent = files.map(({ name, text }) => ({ name, bytes: Buffer.from(text) }));
	const written = { body: body as JsonObject, files: sent };
	const texts = displayTexts((body as JsonObject)["components"]);
	if (bytes(texts) > 9500) return `${bytes(texts)} bytes`;
	if (isEmptyMessage(written)) return "empty";
	return messageFault({ ...written, flags: 0, flagsAllowed: -1 });
}

test("whatever agents and people write, Discord takes the card", () => {
	for (const seed of seeds) {
		const random = makeRandom(seed);
		const shown: Shown = {
			card: hostileCard(random),
			question: hostile(random, 200),
			session,
			ask,
			page: random() < 0.5 ? null : `https://team.example/${"p".repeat(random() < 0.2 ? 500 : 20)}`,
			mortal: random() < 0.5 ? "mortal" : "lasting",
		};
		expect([seed, faultOf(cardMessage(shown)), faultOf(cardPlain(shown))]).toEqual([seed, null, null]);
	}
});

test("whatever the answer is, Discord takes the final message, its file, its pieces, and its other forms", () => {
	for (const seed of seeds) {
		const random = makeRandom(seed);
		const view = {
			question: hostile(random, 100),
			final: hostile(random, seed % 3 === 0 ? 4000 : 150),
			phase: random() < 0.2 ? "failed" : "done",
			reasons: Array.from({ length: Math.floor(random() * 17) }, (_, n) => ({
				agent: `a${n}`,
				code: "auth",
				message: hostile(random, 50),
			})),
		} as unknown as Answer["view"];
		const answer: Answer = {
			card: hostileCard(random),
			view,
			asker: "1033044521375764530",
			session,
			ask,
			page: null,
		};
		const { body, file, chunks } = finalOf(answer);
		const plain = finalPlain(answer);
		const faults = [
			faultOf(body, file === null ? [] : [file]),
			faultOf(finalInPlace(answer)),
			faultOf(plain.body, plain.file === null ? [] : [plain.file]),
			...chunks.map((content) => faultOf({ content })),
		];
		expect([seed, faults.filter((fault) => fault !== null), chunks.length <= chunksMax]).toEqual([seed, [], true]);
		expect([isFinalOf(answer, body), isFinalOf({ session, ask: "1" }, body)]).toEqual([true, false]);
	}
});

test("a table of votes is no wider than phones show, whatever it says", () => {
	for (const seed of seeds) {
		const lines = tableOf(hostileCard(makeRandom(seed)).votes, 1 + (seed % 3)).split("\n");
		expect(lines.filter((line) => columnsOf(line) > tableColumnsMax)).toEqual([]);
		expect(lines.filter((line) => line.includes("`")).every((line) => line === "```")).toBe(true);
	}
});

test("sixteen agents who say much are all on the card", async () => {
	const { card, ...shown } = await shownAt(20);
	const names = Array.from({ length: 16 }, (_, n) => `agent-number-${n}`);
	const says = "It says as much as a line may hold, and that is quite a lot of text ".repeat(3).slice(0, 140);
	const agents = names.map(
		(name) => ({ name, model: "a-model-with-a-long-name-of-its-own", state: "working", says }) as const,
	);
	const votes = names.map((agent) => ({ agent, for: "agent-number-1", reason: says, before: null }));
	const text = seen(cardMessage({ ...shown, card: { ...card, agents, votes } }));
	expect(names.filter((name) => !text.includes(`**${name}**`))).toEqual([]);
});
