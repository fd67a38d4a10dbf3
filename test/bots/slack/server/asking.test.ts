import { afterAll, beforeAll, expect, test } from "vitest";
import { appMention } from "../../../support/slack/slack-payloads.ts";
import { openStand, until, type Stand } from "./stand.ts";

let stand: Stand;
beforeAll(async () => {
	stand = await openStand({ CHAT_TEAM: "demo" });
});
afterAll(() => stand.close());

const channel = "C0GENERAL";
const inThread = (ts: string) => stand.slack.messages(channel).filter(({ threadTs }) => threadTs === ts);
const kindsOf = (ts: string) => inThread(ts).map(({ metadata }) => metadata?.["event_payload"]);

test("a mention gets a card in its thread, and then the answer as a message of its own", async () => {
	const ts = "1790000001.000100";
	const sent = await stand.send("event", appMention({ ts, text: "What is 6 times 7?", eventId: "Ev1" }));
	expect(sent).toEqual({ status: 200, text: "" });
	await until(() => inThread(ts).length === 2);
	const id = (await stand.server.client.sessions()).sessions[0]!.id;
	expect(kindsOf(ts)).toEqual([
		{ session: id, turn: 1, what: "card" },
		{ session: id, turn: 1, what: "final" },
	]);
	const [card, final] = inThread(ts);
	expect(card?.text).toBe("Consensus · 100 % of 3 agents agree");
	expect(card?.blocks.length).toBe(1);
	expect(final?.blocks[0]).toEqual({
		type: "markdown",
		text: "**42**\n- 6 × 7 = 42\n3 of the 3 answers give this result.\nComputed by the built-in demo team; no AI model was asked.",
	});
	expect(stand.slack.calls.map(({ outcome }) => outcome).filter((outcome) => outcome !== "ok")).toEqual([]);
});
