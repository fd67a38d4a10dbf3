import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { member, newAnswer, vote, shownIn } from "../../../support/members.ts";
import type { Brain } from "../../../support/fake-script.ts";
import {
	appHomeOpened,
	appMention,
	appUninstalled,
	blockActions,
	slashCommand,
} from "../../../support/slack/slack-payloads.ts";
import { openStand, until, type Stand } from "./stand.ts";

let stand: Stand;
beforeAll(async () => {
	stand = await openStand(
		{ CHAT_TEAM: "demo", CHAT_RUNS_AT_ONCE: "20", CHAT_RUNS_PER_USER_PER_DAY: "50" },
		{ teams: [alpha] },
	);
});
afterAll(() => stand.close());

const alpha = {
	id: "T0ALPHA",
	token: "xoxb-alpha",
	botUser: "U0BOT",
	users: ["U0ASKER"],
	channels: ["C0GENERAL", "C0ALIKE"],
};
const inThread = (ts: string, channel = "C0GENERAL") =>
	stand.slack.messages(channel).filter(({ threadTs }) => threadTs === ts);
const marks = (ts: string, channel?: string) =>
	inThread(ts, channel).map(({ metadata }) => {
		const { turn, what } = (metadata?.["event_payload"] ?? {}) as { turn?: number; what?: string };
		return `${what} ${turn}`;
	});
const sessions = async () => (await stand.server.client.sessions({ limit: 100 })).sessions;
const markdownOf = (ts: string) =>
	inThread(ts).flatMap(({ blocks }) =>
		(blocks as { type: string; text: string }[]).filter(({ type }) => type === "markdown").map(({ text }) => text),
	);

test("a mention gets a card in its thread, and then the answer as a message of its own", async () => {
	const ts = "1790000001.000100";
	expect(await stand.send("event", appMention({ ts, text: "What is 6 times 7?", eventId: "Ev1" }))).toEqual({
		status: 200,
		text: "",
	});
	await until(() => inThread(ts).length === 2);
	expect(marks(ts)).toEqual(["card 1", "final 1"]);
	await until(() => inThread(ts)[0]?.text === "Consensus · 100 % of 3 agents agree");
	expect(markdownOf(ts)).toEqual([
		"**42**\n- 6 × 7 = 42\n3 of the 3 answers give this result.\nComputed by the built-in demo team; no AI model was asked.",
	]);
	expect(stand.slack.calls.map(({ outcome }) => outcome).filter((outcome) => outcome !== "ok")).toEqual([]);
});

test("an acknowledgement takes less than 300 ms, as it only keeps what came", async () => {
	const took: number[] = [];
	for (let at = 0; at < 15; at += 1) {
		const began = performance.now();
		const unheard = { user: "U0BOT", ts: `17900000${10 + at}.000100`, eventId: `EvA${at}`, text: "x" };
		await stand.send("event", appHomeOpened({ ...unheard, tab: "messages" }));
		took.push(performance.now() - began);
	}
	const median = took.toSorted((a, b) => a - b)[7]!;
	expect(median).toBeLessThan(300);
});

test("sent five times at once, as a mention and as a message, it is asked once", async () => {
	const ts = "1790000002.000100";
	const before = (await sessions()).length;
	const mention = appMention({ ts, text: "What is 2 times 3?", eventId: "Ev2" });
	const message = { ...mention, event_id: "Ev3", event: { ...(mention["event"] as object), type: "message" } };
	const sent = await Promise.all(
		[mention, mention, message, mention, message, mention].map((body) => stand.send("event", body as never)),
	);
	expect(sent.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 200]);
	await until(() => inThread(ts).length === 2);
	expect([marks(ts), (await sessions()).length - before]).toEqual([["card 1", "final 1"], 1]);
});

test("a team of three providers answers a command, and a reply in its thread is the next turn", async () => {
	const { team } = stand.server;
	const lima = "Lima, on the coast.";
	const cast = team({
		a: member({ answers: lima, votesFor: [lima], presents: "It is Lima." }),
		b: member({ answers: "Quito.", votesFor: [lima] }),
		c: member({ answers: "Bogota.", votesFor: [lima] }),
	});
	await stand.server.client.putTeam("trio", cast);
	const before = (await sessions()).length;
	const command = slashCommand({ text: "team trio Which city?", triggerId: "trigger-trio" });
	expect(JSON.parse((await stand.send("command", command)).text)).toMatchObject({ response_type: "ephemeral" });
	const asked = await until(() =>
		stand.slack.messages("C0GENERAL").find(({ text }) => text.includes("asks: Which city?")),
	);
	await until(() => inThread(asked.ts).length === 2);
	expect(markdownOf(asked.ts)).toEqual(["It is Lima."]);
	const next = appMention({ ts: "1890000003.000100", threadTs: asked.ts, text: "Are you sure?", eventId: "Ev4" });
	await stand.send("event", next);
	await until(() => inThread(asked.ts).length === 4);
	expect(marks(asked.ts)).toEqual(["card 1", "final 1", "card 2", "final 2"]);
	const made = await sessions();
	const { turns } = await stand.server.client.session(made[0]!.id);
	expect([made.length - before, turns.map(({ question }) => question)]).toEqual([
		1,
		["Which city?", "Are you sure?"],
	]);
});

test("what models write calls nobody, shows no picture and no preview", async () => {
	const evil = "<!channel> <@U0OTHER> @here ![x](https://evil.example/p.png) https://evil.example `code`";
	const lines = { answers: evil, votesFor: [evil], presents: evil };
	await stand.server.client.putTeam("evil", stand.server.team({ a: member(lines), b: member(lines) }));
	const [pings, unfurls] = [stand.slack.pings.length, stand.slack.unfurls.length];
	await stand.send("command", slashCommand({ text: "team evil say <!channel>", triggerId: "trigger-evil" }));
	const asked = await until(() => stand.slack.messages("C0GENERAL").find(({ text }) => text.includes("asks: say")));
	await until(() => inThread(asked.ts).length === 2);
	const called = new Set(stand.slack.pings.slice(pings).map(({ mention }) => mention));
	expect([[...called], stand.slack.unfurls.length - unfurls]).toEqual([["<@U0ASKER>"], 0]);
	expect(markdownOf(asked.ts)[0]).toContain("`code`");
});

test("a run is stopped by its button, and its card says so", async () => {
	const gate = Promise.withResolvers<void>();
	const slow: Brain = () => [{ waitFor: gate.promise }, newAnswer("late")];
	await stand.server.client.putTeam("slow", stand.server.team({ a: slow, b: slow }));
	await stand.send("command", slashCommand({ text: "team slow Which?", triggerId: "trigger-slow" }));
	const asked = await until(() =>
		stand.slack.messages("C0GENERAL").find(({ text }) => text.includes("asks: Which?")),
	);
	const card = await until(() => inThread(asked.ts)[0]);
	const [{ id }] = (await sessions()) as unknown as [{ id: string }];
	const stop = blockActions(
		{ action_id: "massgen_stop", value: `v1:1:U0ASKER:${id}` },
		{ ts: card.ts, threadTs: asked.ts },
	);
	expect((await stand.send("interactivity", stop)).status).toBe(200);
	await until(() => inThread(asked.ts)[0]?.text === "Stopped");
	gate.resolve();
	expect([(await stand.server.client.session(id)).status, marks(asked.ts)]).toEqual(["cancelled", ["card 1"]]);
});

test("a run of many events edits its card at most every two seconds, and ends with three lines", async () => {
	const texts = Array.from({ length: 8 }, (_, seat) => `Answer ${seat}.`);
	const cast = Object.fromEntries(
		texts.map((text, seat): [string, Brain] => [
			`a${seat}`,
			(request) => {
				if (request.tools.length === 0) return [{ text: "All of it." }];
				const isShown = shownIn(request).some((answer) => answer.text === texts[0]);
				return [{ waitMs: 150 * seat }, isShown ? vote(request, texts[0]!) : newAnswer(text)];
			},
		]),
	);
	await stand.server.client.putTeam("eight", stand.server.team(cast, { protocol: { stop: "all", agree: 1 } }));
	const before = stand.slack.calls.length;
	await stand.send(
		"command",
		slashCommand({ channel: "C0ALIKE", text: "team eight Which?", triggerId: "trigger-eight" }),
	);
	const asked = await until(() => stand.slack.messages("C0ALIKE").find(({ text }) => text.includes("asks: Which?")));
	await until(() => inThread(asked.ts, "C0ALIKE").length === 2);
	const [{ id }] = (await sessions()) as unknown as [{ id: string }];
	expect((await stand.server.client.session(id)).last_seq).toBeGreaterThan(40);
	const card = inThread(asked.ts, "C0ALIKE")[0]!;
	const shown = stand.slack.calls
		.slice(before)
		.filter(({ method, args }) =>
			method === "chat.update" ? args["ts"] === card.ts : method === "chat.postMessage",
		)
		.slice(1, -1);
	const gaps = shown.slice(1).map(({ atMs }, at) => atMs - shown[at]!.atMs);
	expect(Math.min(...gaps)).toBeGreaterThan(1900);
	expect(shown.length).toBeLessThanOrEqual(8);
	expect(card.blocks.map((block) => (block as { type: string }).type)).toEqual(["section"]);
});

test("an app that is removed leaves nothing of its workspace: its threads begin anew", async () => {
	const ts = "1790000009.000100";
	const ask = async (at: string) => {
		const shown = inThread(ts).length;
		await stand.send("event", appMention({ ts: at, threadTs: ts, text: "What is 3 times 3?", eventId: at }));
		await until(() => inThread(ts).length === shown + 2);
	};
	const before = (await sessions()).length;
	await ask("1790000009.000200");
	await ask("1790000009.000300");
	expect((await sessions()).length - before).toBe(1);
	await stand.send("event", appUninstalled({ eventId: "Ev8" }));
	await sleep(500);
	await ask("1790000009.000400");
	expect((await sessions()).length - before).toBe(2);
});
