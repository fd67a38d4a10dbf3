import { expect, test } from "vitest";
import { cardOf } from "../../bots/card.ts";
import { cardMessage as discordCard } from "../../bots/discord/render.ts";
import { wrapped } from "../../bots/discord/plain.ts";
import { cardMessage as slackCard, finalMessage } from "../../bots/slack/render.ts";
import { openChats, type ChatPayload } from "../../durable-objects/outbox/chats.ts";
import type { LoggedEvent } from "../../src/consensus/events.ts";
import { box, takes, type Box } from "../objects/outbox-rig.ts";
import { onDiscord, onSlack, toldOf } from "../support/cards/drawings.ts";
import { html, inline } from "../support/cards/html.ts";
import { scenes, wholeRun } from "../support/cards/stories.ts";
import { sqlStorage, transactionOn } from "../support/sql.ts";

/** A whole run, from the question to the answer, as two chats show it. */

const shown = { run: { session: "s1", turn: 1, asker: "U0ADA" }, page: null };

/** Commits a run's events at their moments, all of a moment at once, as a session does. */
async function follow(log: readonly LoggedEvent[], here: Box): Promise<void> {
	const sql = sqlStorage();
	const chats = openChats({ sql, transaction: transactionOn(sql) }, "s1");
	chats.asked(1, { kind: "slack", address: "T/C/1" });
	const startMs = Date.parse(log[0]?.at ?? "");
	let passedMs = 0;
	for (const [at, events] of Map.groupBy(log, (event) => event.at)) {
		const ms = Date.parse(at) - startMs;
		await here.pass(ms - passedMs);
		passedMs = ms;
		const rows = chats.outgoing(events, { turn: 1, firstSeq: events[0]?.seq ?? 1 });
		here.outbox.put(rows.map((row) => ({ ...row, kind: "chat" })));
		here.outbox.kick();
	}
	await here.pass(60_000);
}

const payloads = ({ tries }: Box) =>
	tries.map(({ payload, atMs }) => ({ ...(JSON.parse(payload) as ChatPayload), atMs }));

test("a run of 57 events is a card that is posted once and edited eleven times, at least two seconds apart, and one final", async () => {
	expect(wholeRun.length).toBe(57);
	const here = box(takes);
	await follow(wholeRun, here);
	expect(payloads(here).map(({ what, seq, atMs }) => `${what} at ${atMs} ms up to ${seq}`)).toMatchInlineSnapshot(`
		[
		  "card at 0 ms up to 6",
		  "card at 4400 ms up to 14",
		  "card at 6400 ms up to 16",
		  "card at 8400 ms up to 20",
		  "card at 10400 ms up to 26",
		  "card at 12700 ms up to 31",
		  "card at 15200 ms up to 34",
		  "card at 18900 ms up to 40",
		  "card at 23500 ms up to 46",
		  "card at 25500 ms up to 48",
		  "card at 28600 ms up to 52",
		  "card at 31400 ms up to 57",
		  "final at 31400 ms up to 57",
		]
	`);
	const edits = payloads(here).filter(({ what }) => what === "card");
	const gaps = edits.slice(1).map(({ atMs }, i) => atMs - (edits[i]?.atMs ?? 0));
	expect(gaps.filter((ms) => ms < 2000)).toEqual([]);
});

test("each of those states differs from the one before it", async () => {
	const here = box(takes);
	await follow(wholeRun, here);
	const edits = payloads(here).filter(({ what }) => what === "card");
	const titles: string[] = [];
	for (const { seq } of edits) {
		const { title, elapsedS, cost } = cardOf(await toldOf(wholeRun, seq));
		titles.push(`${elapsedS}s ${title} · ${cost}`);
	}
	expect(titles).toMatchInlineSnapshot(`
		[
		  "0s Round 1 · thinking · $0.00 of $0.50",
		  "4s Round 1 · 1 of 3 have answered · $0.01 of $0.50",
		  "5s Round 1 · 1 of 3 have answered · $0.01 of $0.50",
		  "7s Round 1 · 2 of 3 have answered · $0.04 of $0.50",
		  "10s Round 2 · comparing answers · $0.04 of $0.50",
		  "13s Round 2 · voting · $0.05 of $0.50",
		  "15s Round 2 · voting · $0.07 of $0.50",
		  "19s Round 3 · comparing answers · $0.09 of $0.50",
		  "24s Round 3 · voting · $0.10 of $0.50",
		  "24s Round 3 · voting · $0.11 of $0.50",
		  "29s Round 3 · gpt writes the answer · $0.13 of $0.50",
		  "31s Consensus · 67 % of 3 agents agree · $0.14 of $0.50",
		]
	`);
	expect(new Set(titles).size).toBe(edits.length);
});

test("S1: while they think, Slack shows who has answered", async () => {
	expect(slackCard(await toldOf(scenes.early), shown).blocks.slice(0, -1)).toMatchInlineSnapshot(`
		[
		  {
		    "tasks": [
		      {
		        "status": "in_progress",
		        "task_id": "agent-1",
		        "title": "claude · claude-opus-5 — thinks",
		        "type": "task_card",
		      },
		      {
		        "status": "complete",
		        "task_id": "agent-2",
		        "title": "gpt · gpt-5.5 — answered",
		        "type": "task_card",
		      },
		      {
		        "status": "in_progress",
		        "task_id": "agent-3",
		        "title": "gemini · gemini-3.1-pro-preview — thinks",
		        "type": "task_card",
		      },
		    ],
		    "title": "Round 1 · 1 of 3 have answered · 4s · $0.01 of $0.50",
		    "type": "plan",
		  },
		  {
		    "elements": [
		      {
		        "text": "asked <!date^1774603800^{date_short_pretty} at {time}|2026-03-27 09:30 UTC> · updated <!date^1774603804^{time_secs}|09:30:04 UTC>",
		        "type": "mrkdwn",
		        "verbatim": true,
		      },
		    ],
		    "type": "context",
		  },
		]
	`);
});

test("S2: a vote that a new answer voided is told by whoever held it", async () => {
	const { agents } = cardOf(await toldOf(scenes.voided));
	expect(agents.map(({ name, says }) => `${name} ${says}`)).toMatchInlineSnapshot(`
		[
		  "claude weighs anew: a new answer voided its vote",
		  "gpt weighs the others' answers",
		  "gemini weighs anew: a new answer voided its vote",
		]
	`);
});

test("S3: while they vote, both tell who changed its mind, from whom, and why", async () => {
	const told = await toldOf(scenes.voting);
	expect(slackCard(told, shown).blocks[1]).toMatchInlineSnapshot(`
		{
		  "column_settings": [
		    {},
		    {},
		    {
		      "is_wrapped": true,
		    },
		    {},
		  ],
		  "rows": [
		    [
		      {
		        "text": "Agent",
		        "type": "raw_text",
		      },
		      {
		        "text": "Votes for",
		        "type": "raw_text",
		      },
		      {
		        "text": "Because",
		        "type": "raw_text",
		      },
		      {
		        "text": "Changed its mind",
		        "type": "raw_text",
		      },
		    ],
		    [
		      {
		        "text": "gpt",
		        "type": "raw_text",
		      },
		      {
		        "text": "gpt (version 2)",
		        "type": "raw_text",
		      },
		      {
		        "text": "It names which cron does what, and what is safe on all.",
		        "type": "raw_text",
		      },
		      {
		        "text": "no",
		        "type": "raw_text",
		      },
		    ],
		    [
		      {
		        "text": "gemini",
		        "type": "raw_text",
		      },
		      {
		        "text": "gpt (version 2)",
		        "type": "raw_text",
		      },
		      {
		        "text": "It is right about both crons; that the minute is missing is only half of it.",
		        "type": "raw_text",
		      },
		      {
		        "text": "from claude",
		        "type": "raw_text",
		      },
		    ],
		  ],
		  "type": "table",
		}
	`);
	const mortal = "lasting" as const;
	const where = { question: told.view.question, session: "s1", ask: "1", page: null, mortal };
	const { components } = discordCard({ card: cardOf(told), ...where });
	expect(components[0]).toMatchInlineSnapshot(`
		{
		  "accent_color": 15105570,
		  "components": [
		    {
		      "content": "### Round 3 · voting
		> Our cron job is set to 02:30 Europe/Berlin. Does it run on the night the clocks go forward?",
		      "type": 10,
		    },
		    {
		      "type": 14,
		    },
		    {
		      "content": "🟠 **claude** · claude-opus-5 — weighs anew: a new answer voided its vote
		🟢 **gpt** · gpt-5.5 — votes for its own answer
		🟢 **gemini** · gemini-3.1-pro-preview — changed its mind from claude to gpt (version 2)",
		      "type": 10,
		    },
		    {
		      "type": 14,
		    },
		    {
		      "content": "\`\`\`
		agent  votes for       because
		gpt    gpt (version 2) It names which cron does what,
		                       and what is safe on all.
		gemini gpt (version 2) It is right about both crons;
		                       that the minute is missing is
		                       only half of it.
		\`\`\`",
		      "type": 10,
		    },
		    {
		      "type": 14,
		    },
		    {
		      "content": "-# run s1 · gpt (version 2) leads with 2 of 3 · $0.11 of $0.50 · began <t:1774603800:R>",
		      "type": 10,
		    },
		  ],
		  "type": 17,
		}
	`);
});

test("S4: after the end Slack shows the answer, its support, its cost and the dissent", async () => {
	const told = await toldOf(scenes.consensus);
	expect(slackCard(told, shown).text).toBe("Consensus · 67 % of 3 agents agree");
	expect([slackCard(told, shown).blocks, finalMessage(told, shown).message.blocks.slice(0, 3)])
		.toMatchInlineSnapshot(`
		[
		  [
		    {
		      "text": {
		        "text": ":white_check_mark: *Consensus · 67 % of 3 agents agree*
		3 agents · gpt (version 2) with 2 of 3 votes · changed their mind: gemini
		31s · $0.14 of $0.50 · asked <!date^1774603800^{date_short_pretty} at {time}|2026-03-27 09:30 UTC>",
		        "type": "mrkdwn",
		        "verbatim": true,
		      },
		      "type": "section",
		    },
		  ],
		  [
		    {
		      "text": "**On Debian, Ubuntu and RHEL: yes, once, right after the jump.** Their cron notices that the hour is missing and starts a job with a fixed time at 03:00.

		BusyBox crond (Alpine images) leaves it out that night.

		To be safe on all of them, set it to \`30 4 * * *\` or run cron in UTC.",
		      "type": "markdown",
		    },
		    {
		      "elements": [
		        {
		          "text": "<@U0ADA> · :white_check_mark: Consensus · 67 % of 3 agents agree · $0.14 of $0.50",
		          "type": "mrkdwn",
		          "verbatim": true,
		        },
		      ],
		      "type": "context",
		    },
		    {
		      "elements": [
		        {
		          "text": ":speech_balloon: Minority answer: claude (1 vote): The question names no distribution: by the clock alone it is no.",
		          "type": "mrkdwn",
		          "verbatim": true,
		        },
		      ],
		      "type": "context",
		    },
		  ],
		]
	`);
});

test.each<[says: string, scene: keyof typeof scenes, cost: string, hint: string | null]>([
	[
		"what its own turn cost, not the turns before it",
		"waiting",
		"$0.00",
		"This conversation has spent its budget. It goes on once that is raised; Stop ends this question.",
	],
	[
		"dollars in cents beside a cap, from the first on",
		"failed",
		"$0.00 of $0.50",
		"claude: Incorrect API key provided.",
	],
	["what all its calls cost", "consensus", "$0.14 of $0.50", null],
])("a card says %s", async (_, scene, cost, hint) => {
	const card = cardOf(await toldOf(scenes[scene]));
	expect([card.cost, card.hint]).toEqual([cost, hint]);
});

test("what waits for a larger budget offers no button that would not help", async () => {
	const told = await toldOf(scenes.waiting);
	expect(cardOf(told).resumable).toBe(false);
	expect(JSON.stringify([onSlack(told), onDiscord(told)]).includes("Go on")).toBe(false);
});

test("what was interrupted can go on by a click on either card", async () => {
	const suspended = { type: "session.waiting", for: "suspended", detail: "", seq: 49, at: wholeRun[47]!.at } as const;
	const told = await toldOf([...wholeRun.slice(0, 48), suspended]);
	expect([onSlack(told), onDiscord(told)].map((messages) => JSON.stringify(messages).includes('"Go on"'))).toEqual([
		true,
		true,
	]);
});

test.each<[text: string, columns: number, linesMax: number, lines: readonly string[]]>([
	["one two", 7, 3, ["one two"]],
	["one two three", 7, 3, ["one two", "three  "]],
	["one two three", 7, 1, ["one tw…"]],
	["one two three four", 7, 2, ["one two", "three …"]],
	["abcdefghij", 4, 3, ["abcd", "efgh", "ij  "]],
	["漢字漢字", 5, 2, ["漢字", "漢字 "]],
	["", 4, 3, ["    "]],
])("%j in %i columns and %i lines", (text, columns, linesMax, lines) => {
	expect(wrapped(text, columns, linesMax)).toEqual(lines);
});

test("nothing that agents or people write is markup in a drawing", () => {
	const nasty = `<img src=x onerror="alert('1')">&amp;`;
	const { html: drawn } = html`<p>${nasty}${[nasty, html`<b>${nasty}</b>`]}${inline(nasty, [])}</p>`;
	expect(drawn.replaceAll(/<\/?[pb]>/g, "").match(/[<>"']|&(?!#\d+;)/g)).toBe(null);
});
