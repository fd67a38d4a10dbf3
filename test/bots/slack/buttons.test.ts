import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Session } from "../../../src/api/contract.ts";
import * as payloads from "../../support/slack/slack-payloads.ts";
import { channel, openOffice, problem, sent, ts, type Office } from "./office.ts";

let office: Office;
beforeEach(async () => {
	office = await openOffice();
});
afterEach(() => office.slack.close());

const run = "v1:1:U0ASKER:s1";
const turn = {
	question: "Which city?",
	status: "running",
	votes: [],
	tally: [],
	reasons: [],
	dissent: null,
	answer: null,
	consensus: null,
	agreement: null,
};
const running = (turns: readonly object[] = [turn]) =>
	({
		id: "s1",
		title: "Cities",
		status: "running",
		turns,
		team: { agents: [{ id: "a" }, { id: "b" }] },
	}) as unknown as Session;
const pressed = (action_id: string, value: string, part: Parameters<typeof payloads.blockActions>[1] = {}) =>
	payloads.blockActions({ action_id, value }, { threadTs: ts, ts: "1790000005.000100", ...part });
const chosen = (verb: string, part: Parameters<typeof payloads.blockActions>[1] = {}) =>
	payloads.blockActions(
		{ type: "overflow", action_id: "massgen_more", selected_option: { value: `${verb} ${run}` } },
		{ threadTs: ts, ts: "1790000005.000100", ...part },
	);

describe("steering", () => {
	beforeEach(() => void (office.session = running()));

	test.each([
		["massgen_stop", { action: "cancel" }],
		["massgen_now", { action: "answer_now" }],
		["massgen_resume", { action: "resume" }],
	])("%s", async (action, command) => {
		expect(await office.came("interactivity", pressed(action, run))).toEqual(sent);
		expect([office.asked, office.whispers()]).toEqual([[["steer", "s1", command]], []]);
	});

	test("only whoever office.asked, and whom the deployment names, may", async () => {
		await office.came("interactivity", pressed("massgen_stop", run, { user: "U0OTHER" }));
		expect([office.asked, office.whispers()]).toEqual([
			[],
			[["U0OTHER", "Only the person who asked can use this button."]],
		]);
		office.use({ SLACK_ADMINS: "U0BOSS,U0OTHER" });
		await office.came("interactivity", pressed("massgen_stop", run, { user: "U0OTHER" }));
		expect(office.asked).toEqual([["steer", "s1", { action: "cancel" }]]);
	});

	const capped = (waiting_for: Session["waiting_for"]) => {
		const caps = { usd: 0.5, tokens: null, calls: 600_000_000 };
		const budget = { usd: 1, tokens: null, calls: null, session: caps };
		const { team, ...rest } = running();
		return { ...rest, waiting_for, team: { ...team, budget } } as Session;
	};

	test("the budget of a session that waits for it is doubled by the deployment's own people, up to what may be", async () => {
		office.session = capped("budget");
		await office.came("interactivity", pressed("massgen_budget", run));
		office.use({ SLACK_ADMINS: "U0OTHER" });
		await office.came("interactivity", pressed("massgen_budget", run, { user: "U0OTHER" }));
		const session = { usd: 1, tokens: null, calls: 1_000_000_000 };
		const budget = { usd: 1, tokens: null, calls: null, session };
		expect([office.asked, office.whispers()]).toEqual([
			[["steer", "s1", { action: "budget", budget }]],
			[["U0ASKER", "Only the people whom SLACK_ADMINS names can use this button."]],
		]);
	});

	test("a budget that nothing waits for any more is left as it is", async () => {
		office.session = capped(null);
		office.use({ SLACK_ADMINS: "U0ASKER" });
		await office.came("interactivity", pressed("massgen_budget", run));
		expect([office.asked, office.whispers()]).toEqual([
			[],
			[["U0ASKER", "It does not wait for its budget any more."]],
		]);
	});

	test.each<[string, () => void]>([
		["the turn is over", () => void (office.session = running([{ ...turn, status: "done" }]))],
		["another turn is running", () => void (office.session = running([{ ...turn, status: "done" }, turn]))],
		["the session was deleted", () => void (office.session = null)],
		["it ends at this moment", () => void (office.refusal = problem(409, "over"))],
	])("a button of an old card: %s", async (_, make) => {
		make();
		await office.came("interactivity", pressed("massgen_stop", run));
		expect(office.whispers()).toEqual([["U0ASKER", "That run is over."]]);
	});

	test.each(["", "v0:x", "v1:1:U0ASKER:../x"])("a button that says %j is not known", async (value) => {
		await office.came("interactivity", pressed("massgen_stop", value));
		expect([office.asked, office.whispers()]).toEqual([[], [["U0ASKER", "I do not know this button any more."]]]);
	});

	test("a note is typed in a window and reaches the agents", async () => {
		await office.came("interactivity", chosen("note", { triggerId: office.slack.trigger() }));
		const { callback_id, private_metadata } = office.slack.view("V0002")!;
		expect([callback_id, private_metadata]).toEqual(["massgen_note", `${channel} ${ts} ${run}`]);
		const state = { values: { note: { note: { value: " Mind the budget. " } } } };
		await office.came(
			"interactivity",
			payloads.viewSubmission({ callback_id: callback_id!, private_metadata: private_metadata!, state }),
		);
		expect(office.asked).toEqual([["steer", "s1", { action: "note", text: "Mind the budget." }]]);
	});

	test("an agent is chosen in a window and dropped", async () => {
		await office.came("interactivity", chosen("drop", { triggerId: office.slack.trigger() }));
		const { callback_id, private_metadata, blocks } = office.slack.view("V0002")!;
		expect(JSON.stringify(blocks)).toContain('"options":[{"text":{"type":"plain_text","text":"a"},"value":"a"}');
		const state = { values: { agent: { agent: { selected_option: { value: "b" } } } } };
		await office.came(
			"interactivity",
			payloads.viewSubmission({ callback_id: callback_id!, private_metadata: private_metadata!, state }),
		);
		expect(office.asked).toEqual([["steer", "s1", { action: "drop_agent", agent: "b" }]]);
	});

	test("a window that comes too late is asked for once more", async () => {
		await office.came("interactivity", chosen("note", { triggerId: "gone" }));
		expect(office.whispers()).toEqual([["U0ASKER", "That took too long. Please click once more."]]);
	});

	test("Slack's own Stop stops what its thread has office.asked, for whoever may", async () => {
		await office.came("event", payloads.appMention());
		await office.came("event", payloads.agentSessionStopped({ threadTs: ts, user: "U0OTHER", eventId: "E1" }));
		await office.came("event", payloads.agentSessionStopped({ threadTs: ts, eventId: "E2" }));
		expect(office.asked.slice(1)).toEqual([["steer", "s1", { action: "cancel" }]]);
	});
});

describe("after the end", () => {
	const vote = { agent: "a", answer: "a1.1", reason: "It <is> better." };
	beforeEach(
		() =>
			void (office.session = running([
				{ ...turn, status: "done", answer: "Paris.", consensus: true, agreement: 1, votes: [vote] },
			])),
	);

	test("the same question is asked again in the thread, by whoever clicks and at their cost", async () => {
		await office.came("interactivity", pressed("massgen_again", run));
		const address = `T0ALPHA/${channel}/${ts}/1790000005.000100`;
		expect(office.asked).toEqual([
			[
				"create",
				{ question: "Which city?", chat: { kind: "slack", address } },
				{ idempotencyKey: `slack:${address}` },
			],
		]);
	});

	test("the conversation comes as a file into the thread", async () => {
		await office.came("interactivity", pressed("massgen_export", run));
		const [file] = office.slack.messages(channel).flatMap(({ files, threadTs }) => (threadTs === ts ? files : []));
		expect(office.slack.file(file!)!.toString()).toBe("# Cities\n\nParis.\n");
	});

	test("everybody may see how it came about", async () => {
		await office.came(
			"interactivity",
			pressed("massgen_why", run, { user: "U0OTHER", triggerId: office.slack.trigger() }),
		);
		expect(JSON.stringify(office.slack.view("V0002")!["blocks"])).toContain(
			"*a* for its own answer: It &lt;is&gt; better.",
		);
	});

	test("a rating is kept", async () => {
		await office.came("interactivity", pressed("massgen_feedback", `bad ${run}`, { user: "U0OTHER" }));
		expect(await office.standing.installation("slack:T0ALPHA").kept("feedback", "s1:1:U0OTHER")).toBe("bad");
		expect(office.whispers()).toEqual([["U0OTHER", "Thank you, that is noted."]]);
	});
});

test("the app's page shows what its owner has asked", async () => {
	office.session = running();
	await office.came("event", payloads.appMention({ text: "Is <this> safe?" }));
	expect(await office.came("event", payloads.appHomeOpened({ eventId: "Ev9" }))).toEqual(sent);
	expect(JSON.stringify(office.slack.view("home:U0ASKER"))).toContain(
		"<#C0GENERAL> Is &lt;this&gt; safe? · _running_",
	);
});
