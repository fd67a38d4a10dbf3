import { afterEach, expect, test } from "vitest";
import { handOverMs } from "../../../bots/discord/target.ts";
import { discordIds } from "../../support/discord/fake-discord.ts";
import { send } from "../../support/api.ts";
import { logOf, openRig, type Rig, type RigOptions } from "./rig.ts";

const log = logOf("0.3.0-crash-wait-and-attempts");
let rig: Rig;

async function open(options: RigOptions = {}): Promise<Rig> {
	rig = await openRig({ log, ...options });
	return rig;
}

afterEach(() => rig.close());

const minute = 60_000;
const outcomes = ({ discord }: Rig) => discord.calls.map(({ name, outcome }) => `${name} ${outcome}`);

test("a card stands in the place of the answer that was awaited, by the interaction's own token", async () => {
	const { discord, asks, delivers } = await open();
	const asked = await asks();
	const [card] = discord.messages(discordIds.channel);
	expect(await delivers(asked, { seq: 20 })).toEqual({ outcome: "sent", ref: card!.id });
	expect(outcomes(rig)).toEqual(["editOwn 200"]);
	expect(discord.messages(discordIds.channel).map(({ id, flags, isLoading }) => [id, flags, isLoading])).toEqual([
		[card!.id, 1 << 15, false],
	]);
});

test("who reads the channel watches without a key, by one link that stays the same", async () => {
	const { discord, asks, delivers, api } = await open({ settings: { PUBLIC_URL: "https://team.example" } });
	const asked = await asks();
	const links = [];
	for (const seq of [20, 21]) {
		await delivers(asked, { seq });
		const written = JSON.stringify(discord.messages(discordIds.channel)[0]);
		links.push(/https:\/\/team\.example\/share\/(\w+)/.exec(written)?.[1]);
	}
	const guest = await send(api, `/v1/shared/${links[0]}`, { headers: { authorization: "" } });
	expect([links[0] === links[1], guest.status]).toEqual([true, 200]);
});

test("the first edit waits until the acknowledgement is out", async () => {
	const { clock, asks, delivers } = await open();
	const asked = await asks();
	clock.advance(-1000);
	expect(await delivers(asked, {})).toEqual({
		outcome: "wait",
		afterMs: 700,
		reason: "it was acknowledged just now",
	});
	expect(outcomes(rig)).toEqual([]);
	clock.advance(700);
	expect((await delivers(asked, {})).outcome).toBe("sent");
});

test("an answer that Discord does not know yet is waited for, and at last counts as lost", async () => {
	const { clock, asks, delivers } = await open({ raceMs: 10_000 });
	const [slow, lost] = [await asks(), await asks()];
	const wait = { outcome: "wait", afterMs: 2000, reason: "Discord does not know the interaction yet" };
	expect(await delivers(slow, {})).toEqual(wait);
	rig.discord.failNext("editOwn", { status: 404, body: { code: 10_015 } });
	clock.advance(11_000);
	expect((await delivers(slow, {})).outcome).toBe("wait");
	expect((await delivers(slow, {})).outcome).toBe("sent");
	clock.advance(5000);
	rig.discord.failNext("editOwn", { status: 404, body: { code: 10_015 } });
	expect((await delivers(lost, {})).outcome).toBe("sent");
	expect(outcomes(rig)).toEqual([
		"editOwn 404 10015",
		"editOwn 404 10015",
		"editOwn 200",
		"editOwn 404 10015",
		"createMessage 200",
	]);
});

test("a dead token is never used again: the bot goes on by its own right, with the same message", async () => {
	const { discord, asks, delivers } = await open();
	const asked = await asks();
	const { ref } = (await delivers(asked, { seq: 20 })) as { ref: string };
	discord.revoke(asked.token);
	for (const seq of [30, 40])
		expect(await delivers(asked, { seq, ref, revision: 2 })).toEqual({ outcome: "sent", ref });
	expect(outcomes(rig)).toEqual(["editOwn 200", "editOwn 401 50027", "editMessage 200", "editMessage 200"]);
});

test("before its token ends, a card is taken over by the bot, where it may write", async () => {
	const { clock, asks, delivers } = await open();
	const asked = await asks();
	const { ref } = (await delivers(asked, { seq: 20 })) as { ref: string };
	clock.advance(handOverMs - 1001);
	await delivers(asked, { seq: 30, ref });
	clock.advance(1);
	await delivers(asked, { seq: 40, ref });
	clock.advance(10 * minute);
	expect(await delivers(asked, { seq: 50, ref })).toEqual({ outcome: "sent", ref });
	expect(outcomes(rig)).toEqual(["editOwn 200", "editOwn 200", "editMessage 200", "editMessage 200"]);
});

test.each<[who: string, scene: Parameters<Rig["asks"]>]>([
	["a person has installed the app for herself", [{}, { installed: "user" }]],
	["it is shown to the asker alone", [{ private: true }]],
	["the bot may not write there", [{}, { appPermissions: "1024" }]],
])("where %s, a token's end is the card's, until a click brings another", async (_, scene) => {
	const { clock, discord, asks, delivers } = await open();
	const asked = await asks(...scene);
	await delivers(asked, { seq: 20 });
	clock.advance(15 * minute - 1001);
	expect((await delivers(asked, { seq: 30 })).outcome).toBe("sent");
	clock.advance(1);
	for (const seq of [40, 50])
		expect(await delivers(asked, { seq })).toEqual({
			outcome: "dead",
			reason: "its token is over, and only a click on the card brings another",
		});
	expect(outcomes(rig)).toEqual(["editOwn 200", "editOwn 200"]);
	expect(JSON.stringify(discord.messages(discordIds.channel)[0]?.components)).toContain("v1:refresh:");
});

test.each<[what: string, status: number, code: number, reason: string]>([
	["was deleted", 404, 10_008, "the card was deleted"],
	["is in a channel that is gone", 404, 10_003, "the bot may not write there"],
	["is where the bot may not look", 403, 50_001, "the bot may not write there"],
	["is where the bot may not write", 403, 50_013, "the bot may not write there"],
	["is in a thread that is closed", 400, 50_083, "the bot may not write there"],
	["was edited too often", 429, 30_046, "the card takes no more edits"],
	["meets a bot token that is wrong", 401, 0, "Discord does not take DISCORD_BOT_TOKEN"],
	["is refused for a reason nobody knows", 400, 99_999, "Discord refused the card (99999)"],
])("a card that %s is not tried again", async (_, status, code, reason) => {
	const { clock, discord, asks, delivers } = await open();
	const asked = await asks();
	clock.advance(14 * minute);
	discord.failNext("editMessage", { status, body: { code } });
	for (const seq of [20, 30, 40])
		expect(await delivers(asked, { seq, ref: "1" })).toEqual({ outcome: "dead", reason });
	expect(discord.calls.length).toBe(1);
	discord.assertInvalidAtMost(1);
});

test("what Discord does not take for its form is said as plainly as can be, and told to us", async () => {
	const { discord, asks, delivers, crashes } = await open();
	const asked = await asks();
	discord.failNext("editOwn", { status: 400, body: { code: 50_035 } });
	expect((await delivers(asked, { seq: 20 })).outcome).toBe("sent");
	expect(discord.messages(discordIds.channel)[0]?.components).toEqual([
		{ type: 10, content: "Round 1 · 3 of 3 have answered" },
	]);
	expect(crashes).toEqual([new Error("Discord refused a card (50035)")]);
});

test.each<[scope: "user" | "shared" | "global", reason: string, others: string]>([
	["user", "Discord takes no more here at the moment", "sent"],
	["shared", "Discord takes no more here at the moment", "sent"],
	["global", "Discord takes nothing of us at the moment", "wait"],
])("a limit of scope %s is waited for as long as it says", async (scope, reason, others) => {
	const { clock, discord, asks, delivers } = await open();
	const [asked, other] = [await asks(), await asks()];
	const headers = { "retry-after": "2", "x-ratelimit-scope": scope };
	discord.failNext("editOwn", { status: 429, headers, body: { retry_after: 1.5, global: scope === "global" } });
	expect(await delivers(asked, {})).toEqual({ outcome: "wait", afterMs: 1500, reason });
	expect((await delivers(other, {})).outcome).toBe(others);
	expect(discord.calls.length).toBe(others === "sent" ? 2 : 1);
	clock.advance(1500);
	expect((await delivers(asked, {})).outcome).toBe("sent");
});

test("what blocks without a word of JSON stops everything for a minute, or as long as it says", async () => {
	const { clock, discord, asks, delivers } = await open({ invalidMax: 0 });
	const asked = await asks();
	const outcome = (await delivers(asked, {})) as { afterMs: number };
	expect(outcome.afterMs).toBe(600_000);
	for (let second = 0; second < 600; second += 60) {
		clock.advance(minute - 1);
		expect((await delivers(asked, {})).outcome).toBe("wait");
	}
	expect(discord.calls.length).toBe(1);
});

test.each<[what: string, fault: Parameters<Rig["discord"]["failNext"]>[1], reason: string]>([
	["answers with a fault of its own", { status: 502, body: null }, "Discord answered 502"],
	["breaks off", "lost", "Discord did not answer in time"],
	["never answers", "hang", "Discord did not answer in time"],
])("where Discord %s, the same edit is made again", { timeout: 12_000 }, async (_, fault, reason) => {
	const { discord, asks, delivers } = await open();
	const asked = await asks();
	discord.failNext("editOwn", fault);
	expect(await delivers(asked, {})).toEqual({ outcome: "retry", afterMs: null, reason });
	expect((await delivers(asked, { tries: 1 })).outcome).toBe("sent");
	expect(discord.messages(discordIds.channel).length).toBe(1);
});

test("a turn that was stopped gives its place back, with what it has cost", async () => {
	const cancelled = { seq: 21, at: "2026-01-01T00:00:10.000Z", type: "session.cancelled", turn: 1 } as const;
	const { asks, delivers, installation } = await open({ log: [...log.slice(0, 20), cancelled] });
	const asked = await asks();
	await delivers(asked, { seq: 20 });
	expect(installation("discord:6000000000000000001").ends).toEqual([]);
	await delivers(asked, { seq: 21 });
	expect(installation("discord:6000000000000000001").ends.map(([run]) => run)).toEqual([asked.id]);
});

test("who was forgotten, and what was deleted, is not shown", async () => {
	const { asks, delivers, installation, discord } = await open();
	const asked = await asks();
	await installation("discord:6000000000000000001").purge();
	expect(await delivers(asked, {})).toEqual({
		outcome: "dead",
		reason: "it is not known any more who asked, and where",
	});
	expect(discord.calls).toEqual([]);
});
