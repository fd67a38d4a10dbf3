import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { npmStart } from "../../../support/npm-start.ts";
import { startFakeSlack, type FakeSlack } from "../../../support/slack/fake-slack.ts";
import { appMention } from "../../../support/slack/slack-payloads.ts";
import { sendTo, settingsFor, until } from "./stand.ts";

/** `kill -9` where something was promised and not yet done; the same state is started again. */

type Life = {
	readonly slack: FakeSlack;
	readonly mention: () => Promise<void>;
	readonly killAndStart: () => Promise<void>;
	/** How many messages of this kind stand in the channel. */
	readonly shown: (what: "card" | "final") => number;
};

const posts = (slack: FakeSlack, what: string) =>
	slack
		.messages("C0GENERAL")
		.filter(({ metadata }) => (metadata?.["event_payload"] as { what?: string } | undefined)?.what === what);

/** Lives it, and gives what stands in the channel once whatever would come twice has had the time to. */
async function lived(live: (life: Life) => Promise<void>): Promise<{ cards: number; finals: number }> {
	const slack = await startFakeSlack({ budgets: { "conversations.replies": { max: 50, windowMs: 60_000 } } });
	const state = await mkdtemp(join(tmpdir(), "massgen-state-"));
	const start = () => npmStart({ ...settingsFor(slack), MASSGEN_STATE: state });
	let server = await start();
	const body = appMention({ ts: "1790000001.000100", text: "What is 6 times 7?", eventId: "Ev1" });
	const mention = async () => expect((await sendTo(server.url, "event", body)).status).toBe(200);
	const killAndStart = async () => {
		await server.kill();
		server = await start();
	};
	const shown = (what: string) => posts(slack, what).length;
	try {
		await live({ slack, mention, killAndStart, shown });
		await until(() => shown("final") > 0, 60_000);
		await until(() => posts(slack, "card")[0]?.text.startsWith("Consensus") === true, 60_000);
		await sleep(3000);
		return { cards: shown("card"), finals: shown("final") };
	} finally {
		await server.kill();
		await slack.close();
		await rm(state, { recursive: true, force: true });
	}
}

const once = { cards: 1, finals: 1 };

test.concurrent.each<[string, (life: Life) => Promise<void>]>([
	[
		"between the acknowledgement and the first message",
		async ({ mention, killAndStart }) => {
			await mention();
			await killAndStart();
		},
	],
	[
		"when Slack has taken the card but not answered",
		async ({ slack, mention, killAndStart, shown }) => {
			slack.failNext("chat.postMessage", "stuck");
			await mention();
			await until(() => shown("card") === 1);
			await killAndStart();
		},
	],
	[
		"between the final text and its delivery",
		async ({ slack, mention, killAndStart, shown }) => {
			await mention();
			await until(() => shown("card") === 1);
			slack.failNext("chat.postMessage", "hang");
			await until(() => slack.callsOf("chat.postMessage").length === 2);
			await killAndStart();
		},
	],
	[
		"when Slack has taken the answer but not answered",
		async ({ slack, mention, killAndStart, shown }) => {
			await mention();
			await until(() => shown("card") === 1);
			slack.failNext("chat.postMessage", "stuck");
			await until(() => shown("final") === 1);
			await killAndStart();
		},
	],
])("killed %s, one card and one answer are posted", { timeout: 150_000 }, async (_, live) => {
	expect(await lived(live)).toEqual(once);
});
