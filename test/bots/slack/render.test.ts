import { expect, test } from "vitest";
import { emptyView, viewOf } from "../../../src/api/view.ts";
import { cardMessage, finalMessage, type Shown } from "../../../bots/slack/render.ts";
import type { Message } from "../../../bots/slack/message.ts";
import { reasoningModal } from "../../../bots/slack/modals.ts";
import { makeTeller, type Told } from "../../../bots/told.ts";
import { teamOf } from "../../support/api.ts";
import { blocksFault } from "../../support/slack/block-rules.ts";
import { mentionsIn, unfurled } from "../../support/slack/mentions.ts";
import { slackLimits } from "../../support/slack/slack-limits.ts";
import type { JsonObject } from "../../../src/std/json.ts";
import { botDeps } from "./bot-deps.ts";
import { answered, finished, logOf, opened, voted, voting, type Bare } from "./script.ts";

const shown: Shown = { run: { session: "s1", turn: 1, asker: "U0ASKER" }, page: null };

async function toldOf(events: readonly Bare[]): Promise<Told> {
	const tell = makeTeller(botDeps({ log: logOf(events) }).deps.client);
	const told = await tell({ session: "s1", seq: events.length }, AbortSignal.timeout(1000));
	return told!;
}

/** The words of a message's blocks, a line each: what a reviewer reads. */
function lines({ blocks }: Message): string[] {
	return blocks.flatMap((block) => linesIn(block as unknown as JsonObject));
}

function linesIn(block: JsonObject): string[] {
	const texts = (value: unknown): string[] => {
		if (typeof value !== "object" || value === null) return [];
		return Object.entries(value).flatMap(([name, inner]) =>
			typeof inner === "string"
				? ["title", "text", "status", "action_id"].includes(name)
					? [inner]
					: []
				: texts(inner),
		);
	};
	return [`[${String(block["type"])}] ${texts(block).join(" | ")}`];
}

test("while the team votes, the card shows who does what, the votes, and what can be done", async () => {
	expect(lines(cardMessage(await toldOf(voting), { ...shown, page: "https://m.example/#/sessions/s1" })))
		.toMatchInlineSnapshot(`
			[
			  "[plan] Round 1 · voting · 8s · $0.00 | a · model-x — votes for its own answer | complete | b · model-y — votes for a | complete | c · model-z — answered | complete",
			  "[table] Agent | Votes for | Because | Changed its mind | a | a | for a1.1 | no | b | a | It has the better trains. | no",
			  "[context] a leads with 2 of 3 · asked <!date^1767323046^{date_short_pretty} at {time}|2026-01-02 03:04 UTC> · updated <!date^1767323054^{time_secs}|03:04:14 UTC>",
			  "[actions] massgen_stop | Stop | massgen_now | Answer now | massgen_link_page | Open live page | massgen_more | Add a note… | Drop an agent… | Show reasoning",
			]
		`);
});

test("a card of a session that waits says what would let it go on", async () => {
	const waiting: Bare = { type: "session.waiting", for: "budget", detail: "x" };
	expect(lines(cardMessage(await toldOf([...voting, waiting]), shown))).toMatchInlineSnapshot(`
		[
		  "[plan] Waiting: the budget is used up · 9s · $0.00 | a · model-x — votes for its own answer | complete | b · model-y — votes for a | complete | c · model-z — answered | complete",
		  "[table] Agent | Votes for | Because | Changed its mind | a | a | for a1.1 | no | b | a | It has the better trains. | no",
		  "[section] :warning: x Whoever runs this app can double what the session may use; *Stop* ends this turn.",
		  "[context] a leads with 2 of 3 · asked <!date^1767323046^{date_short_pretty} at {time}|2026-01-02 03:04 UTC> · updated <!date^1767323055^{time_secs}|03:04:15 UTC>",
		  "[actions] massgen_stop | Stop | massgen_budget | Double the budget | massgen_more | Add a note… | Drop an agent… | Show reasoning",
		]
	`);
});

test("after the end the card is three lines", async () => {
	expect(lines(cardMessage(await toldOf([...voting, ...finished("Paris.")]), shown))).toMatchInlineSnapshot(`
		[
		  "[section] :white_check_mark: *Consensus · 67 % of 3 agents agree*
		3 agents · a with 2 of 3 votes
		10s · free · asked <!date^1767323046^{date_short_pretty} at {time}|2026-01-02 03:04 UTC>",
		]
	`);
});

test("a card that was stopped can be run again", async () => {
	expect(lines(cardMessage(await toldOf([...voting, { type: "session.cancelled", turn: 1 }]), shown)))
		.toMatchInlineSnapshot(`
		[
		  "[section] :octagonal_sign: *Stopped*
		3 agents · a with 2 of 3 votes
		9s · free · asked <!date^1767323046^{date_short_pretty} at {time}|2026-01-02 03:04 UTC>",
		  "[actions] massgen_again | Run again",
		]
	`);
});

test("the final is the answer, how it came about, the minority's, and what can be done with it", async () => {
	expect(lines(finalMessage(await toldOf([...voting, ...finished("**Paris**, by train.")]), shown).message))
		.toMatchInlineSnapshot(`
		[
		  "[markdown] **Paris**, by train.",
		  "[context] <@U0ASKER> · :white_check_mark: Consensus · 67 % of 3 agents agree · free",
		  "[context] :speech_balloon: Minority answer: c (1 vote): It is nearer.",
		  "[context_actions] massgen_feedback | Good answer | Bad answer",
		  "[actions] massgen_again | Run again | massgen_export | Export .md | massgen_why | Show reasoning",
		]
	`);
});

test("a turn without an answer says why, for each agent", async () => {
	const reasons = ["a", "b"].map((agent) => ({ agent, code: "rate_limited", message: "429 from <b>" }));
	const { message, file } = finalMessage(await toldOf([...opened, { type: "turn.failed", turn: 1, reasons }]), shown);
	expect([lines(message), file]).toMatchInlineSnapshot(`
		[
		  [
		    "[section] <@U0ASKER> :x: No answer: none of 3 agents could answer
		• *a*: 429 from &lt;b&gt;
		• *b*: 429 from &lt;b&gt;",
		    "[actions] massgen_again | Run again",
		  ],
		  null,
		]
	`);
});

test.each([
	[11_500, false],
	[11_501, true],
])("an answer of %i characters comes as a file: %s", async (chars, isFile) => {
	const text = "x".repeat(chars);
	const { message, file } = finalMessage(await toldOf([...voting, ...finished(text)]), shown);
	expect(file).toEqual(isFile ? { name: "answer-1.md", text } : null);
	expect(blocksFault(message.blocks as never, "message")).toBe(null);
});

const hostile = [
	"<!channel> <!here> <!everyone> <!subteam^S123> <@U0OTHER> <@W1|x> @channel @here @Everyone",
	"![x](https://evil.example/p.png) [![y](https://evil.example/q)](https://evil.example) <https://evil.example|click>",
	"`".repeat(400),
	"```\n![in](https://evil.example) <!channel>\n",
	"\u202Egnitirw\u202C \u2067rtl\u2069 مرحبا",
	"😀".repeat(5000),
	"&lt;!channel&gt; &amp;",
	"x".repeat(10_000),
	"| a | b |\n|---|---|\n| <!here> | @channel |",
	"\n\n\n \t ",
	"漢".repeat(12_000),
];

test.each(hostile.map((text) => [text.slice(0, 30), text]))(
	"%j breaks no limit, calls nobody and shows no picture",
	async (_, text) => {
		const ids = Array.from({ length: 16 }, (_unused, seat) => `agent-${seat}-${"n".repeat(20)}`);
		const agents = ids.map((id) => ({ id, backend: "openai", model: text.slice(0, 200).trim() || "m" }));
		const team = teamOf({ name: "many", agents });
		const crowd: Bare[] = [
			{ type: "session.created", team, seed: 1 },
			{ type: "turn.started", turn: 1, question: text },
			...ids.map((id, seat) => answered(id, `a${seat + 1}.1`, text)),
			...ids.map((id) => voted(id, "a1.1", text)),
			{
				type: "agent.failed",
				agent: ids[3]!,
				code: "x",
				retryable: true,
				message: text,
				begun: true,
				retry_in_ms: 5,
			},
			{ type: "note.added", text },
		];
		const dissent = { agent: ids[1], answer: "a2.1", text, votes: 1, reasons: [text] };
		const reasons = ids.map((agent) => ({ agent, code: "x", message: text }));
		const [running, over, failed] = await Promise.all([
			toldOf(crowd),
			toldOf([...crowd, ...finished(text, { dissent })]),
			toldOf([...crowd, { type: "turn.failed", turn: 1, reasons }]),
		]);
		const quiet: Shown = { ...shown, run: { ...shown.run, asker: "" } };
		const messages = [
			cardMessage(running, quiet),
			cardMessage(over, quiet),
			cardMessage(failed, quiet),
			finalMessage(over, quiet).message,
			finalMessage(failed, quiet).message,
		];
		for (const { text: fallback, blocks } of messages) {
			const args = {
				text: fallback,
				blocks: blocks as never,
				parse: "none",
				unfurl_links: false,
				unfurl_media: false,
			};
			expect(blocksFault(args.blocks, "message")).toBe(null);
			expect(fallback.length).toBeLessThanOrEqual(slackLimits.textCharsMax);
			expect([mentionsIn(args), unfurled(args)]).toEqual([[], []]);
			expect(pictures(blocks)).toEqual([]);
		}
		const votes = ids.map((agent) => ({ agent, answer: "a1.1", reason: text }));
		const turn = { question: text, votes, dissent, reasons, tally: [], status: "done" };
		const view = reasoningModal(
			{ team: { agents: ids.map((id) => ({ id })) } },
			turn as never,
		) as unknown as JsonObject;
		expect(blocksFault(view["blocks"], "modal")).toBe(null);
	},
);

/** What Markdown would fetch; other blocks show no pictures. */
function pictures(blocks: Message["blocks"]): string[] {
	return blocks.flatMap((block) => (block.type === "markdown" ? (block.text.match(/!\[[^\]]*\]\(/g) ?? []) : []));
}

test("a fold of a whole log shows what the teller shows", async () => {
	const events = logOf(voting);
	expect((await toldOf(voting)).view).toEqual(events.reduce(viewOf, emptyView));
});
