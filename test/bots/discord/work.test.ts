import { afterEach, expect, test } from "vitest";
import type { JsonObject } from "../../../src/std/json.ts";
import { buttonPress, modalSubmit, selectChoice, slashCommand } from "../../support/discord/discord-payloads.ts";
import { discordIds } from "../../support/discord/fake-discord.ts";
import { changed, guild, logOf, openRig, startMs, type Asked, type Rig, type RigOptions } from "./rig.ts";

let rig: Rig;

async function open(options: RigOptions = {}): Promise<Rig> {
	rig = await openRig(options);
	return rig;
}

afterEach(() => rig.close());

const chat = (asked: Asked) => ({ kind: "discord", address: asked.address });
const opened = () => rig.api.sessions.opened();
const thread = { channel: discordIds.channel, channelType: 11 };
const shown = () => rig.discord.messages(discordIds.channel);

/** Uses a button, a select or a modal of this run, and has the bot work on it. */
async function uses(asked: Asked, verb: string, { value, kind }: { value?: string; kind?: "select" | "modal" } = {}) {
	const message = shown()[0]!.id;
	const begun = rig.discord.interaction({ message, kind: kind === "modal" ? "modal" : "component" });
	const id = `v1:${verb}:${asked.session}:${asked.id}`;
	const written = { ...modalSubmit(id, { text: value ?? "" }, begun), message: { id: message } };
	const chosen = selectChoice({ customId: id, values: [value ?? ""] }, message, begun);
	const body = kind === "modal" ? written : kind === "select" ? chosen : buttonPress(id, message, begun);
	await rig.sends(changed(body));
	rig.clock.advance(1000);
	return { begun, delivered: await rig.works() };
}

async function commands(name: string, options: JsonObject[] = [], permissions = "2048"): Promise<string> {
	await rig.sends(changed(slashCommand(name, options, rig.discord.interaction()), { permissions }));
	rig.clock.advance(1000);
	expect(await rig.works()).toEqual({ outcome: "sent" });
	return shown().at(-1)!.content;
}

test("a question begins a session that is shown where it was asked; its address holds no token", async () => {
	await open();
	const asked = await rig.asks({ question: "What now?" });
	expect(opened().map(({ question, team, chats }) => [question, team.name, chats])).toEqual([
		["What now?", "demo", [{ kind: "discord", address: `${guild}/${discordIds.channel}/${asked.id}` }]],
	]);
	expect(asked.address).not.toContain("token");
});

test("in a direct message with the bot the person is whom it belongs to", async () => {
	await open({ log: logOf("0.3.0-crash-wait-and-attempts") });
	const asked = await rig.asks({}, { guild: null });
	expect(asked.address).toBe(`user-${discordIds.user}/${discordIds.channel}/${asked.id}`);
	rig.clock.advance(20 * 60_000);
	expect((await rig.delivers(asked, { what: "final" })).outcome).toBe("sent");
	expect(rig.discord.callsOf("createMessage").length).toBe(1);
});

test("worked on twice, it is one session", async () => {
	await open();
	await rig.asks();
	const again = rig.discord.interaction();
	await rig.sends(slashCommand("ask", [{ name: "question", type: 3, value: "Twice?" }], again));
	const [row] = rig.inbox;
	expect(await rig.works()).toEqual({ outcome: "sent" });
	rig.inbox.push(row!);
	expect(await rig.works(1)).toEqual({ outcome: "sent" });
	expect(opened().map(({ question }) => question)).toEqual(["What now?", "Twice?"]);
});

test("in a thread a question is the next turn, of its own team a new session, and after a deletion one too", async () => {
	await open();
	const first = await rig.asks({}, thread);
	const second = await rig.asks({ question: "And then?" }, thread);
	await rig.asks({ question: "Others?", team: "demo" }, thread);
	expect(opened().map(({ question, messages, chats }) => [question, messages, chats?.length])).toEqual([
		["What now?", ["And then?"], 2],
		["Others?", [], 1],
	]);
	expect(opened()[0]?.chats).toEqual([first, second].map(chat));
	await rig.deps.client.remove(opened()[1]!.id);
	await rig.asks({ question: "Still there?" }, thread);
	expect(opened().map(({ question, messages }) => [question, messages])).toEqual([
		["What now?", ["And then?"]],
		["Still there?", []],
	]);
});

test("without a thread each question is a session", async () => {
	await open();
	await rig.asks();
	await rig.asks();
	expect(opened().length).toBe(2);
});

test("the team is the one that is named, else the server's, else the deployment's", async () => {
	await open({ settings: { CHAT_TEAM: "second" } });
	const team = { agents: [{ id: "a", backend: "demo", model: "demo" }] };
	for (const name of ["first", "second", "third"]) await rig.deps.client.putTeam(name, team);
	await rig.asks();
	const words = await commands("team", [{ name: "use", type: 3, value: "third" }], "32");
	expect(words).toBe("From now on **third** is asked here.");
	await rig.asks();
	await rig.asks({ team: "first" });
	expect(opened().map((session) => session.team.name)).toEqual(["second", "third", "first"]);
});

test("what the API refuses is told in its words, and the place given back", async () => {
	await open({ settings: { CHAT_RUNS_AT_ONCE: "1" } });
	const begun = rig.discord.interaction();
	await rig.sends(
		slashCommand(
			"ask",
			[
				{ name: "question", type: 3, value: "?" },
				{ name: "team", type: 3, value: "demoo" },
			],
			begun,
		),
	);
	rig.clock.advance(1000);
	expect(await rig.works()).toEqual({ outcome: "sent" });
	expect(shown().at(-1)?.content).toContain("demoo");
	expect(rig.installation(`discord:${guild}`).ends).toEqual([[begun.id, 0]]);
});

test("a fault of the API's is tried again", async () => {
	await open();
	await rig.sends(slashCommand("ask", [{ name: "question", type: 3, value: "?" }], rig.discord.interaction()));
	Object.assign(rig.api.deps, {
		tenant: () => {
			throw new Error("away");
		},
	});
	expect(await rig.works()).toEqual({ outcome: "retry", afterMs: null, reason: "the API answered 500" });
});

test.each<[verb: string, how: Parameters<typeof uses>[2], command: object]>([
	["stop", {}, { action: "cancel" }],
	["answer_now", {}, { action: "answer_now" }],
	["resume", {}, { action: "resume" }],
	["drop", { value: "one", kind: "select" }, { action: "drop_agent", agent: "one" }],
	["note", { value: "be quick", kind: "modal" }, { action: "note", text: "be quick" }],
])("`%s` steers the session, and its token is the newest one", async (verb, how, command) => {
	await open();
	const asked = await rig.asks();
	rig.clock.advance(10 * 60_000);
	const { begun, delivered } = await uses(asked, verb, how);
	expect([delivered, opened()[0]?.steered]).toEqual([{ outcome: "sent" }, [command]]);
	const kept = await rig.installation(`discord:${guild}`).kept("token", asked.address);
	expect(JSON.parse(kept ?? "")).toEqual({ token: begun.token, atMs: startMs + 1000 + 10 * 60_000 });
});

test("what the API does not take of a button is told to who used it alone", async () => {
	await open({ log: logOf("0.3.0-crash-wait-and-attempts") });
	const asked = await rig.asks();
	await rig.delivers(asked, { seq: 20 });
	const { delivered } = await uses(asked, "drop", { value: "nobody", kind: "select" });
	expect([delivered, shown().at(-1)?.flags, shown().at(-1)?.content]).toEqual([
		{ outcome: "sent" },
		64 | 4,
		"agent: is not an agent of this team",
	]);
});

test("a run may be asked again: a session of its own, with the same question", async () => {
	await open();
	const asked = await rig.asks({ question: "Once more?" }, thread);
	await uses(asked, "again");
	expect(opened().map(({ question }) => question)).toEqual(["Once more?", "Once more?"]);
});

test("one may ask on without a thread", async () => {
	await open();
	const asked = await rig.asks();
	await uses(asked, "more", { value: "And then?", kind: "modal" });
	expect(opened().map(({ messages }) => messages)).toEqual([["And then?"]]);
});

test("a click brings what was owed: the card, then the answer", async () => {
	await open({ log: logOf("0.3.0-crash-wait-and-attempts").filter(({ seq }) => seq <= 74) });
	const asked = await rig.asks({}, { installed: "user" });
	await rig.delivers(asked, { seq: 20 });
	rig.clock.advance(15 * 60_000);
	expect((await rig.delivers(asked, {})).outcome).toBe("dead");
	expect((await rig.delivers(asked, { what: "final" })).outcome).toBe("dead");
	const message = shown()[0]!.id;
	const press = async () => {
		const begun = rig.discord.interaction({ message, isUserInstall: true });
		const id = `v1:refresh:${asked.session}:${asked.id}`;
		await rig.sends(buttonPress(id, message, { ...begun, installed: "user" }));
		rig.clock.advance(1000);
		return rig.works();
	};
	expect(await press()).toEqual({ outcome: "sent" });
	expect(shown().map(({ content }) => content !== "")).toEqual([false, true]);
	expect(JSON.stringify(shown()[0]?.components)).toContain("Consensus");
	expect(await press()).toEqual({ outcome: "sent" });
	expect(shown().length).toBe(2);
});

test("reasons and the whole as a file are for who asks for them", async () => {
	await open();
	const asked = await rig.asks();
	await uses(asked, "reasons");
	await uses(asked, "export");
	const [, reasons, whole] = shown();
	expect([reasons?.content, reasons?.flags, whole?.flags]).toEqual(["No vote is counted yet.", 64 | 4, 64 | 4]);
	expect(rig.discord.file(whole!.id, `massgen-${asked.session.slice(0, 8)}.md`)?.toString()).toMatchInlineSnapshot(`
		"# What now?

		Team demo: one (demo demo). 2026-01-02. $0.0000, 0 tokens in, 0 out.

		## Question

		> What now?

		## Answer

		*The team is still at work.*
		"
	`);
});

test("a list that is too long for a message ends with a whole line", async () => {
	await open({ settings: { PUBLIC_URL: `https://${"team".repeat(60)}.example`, CHAT_RUNS_AT_ONCE: "9" } });
	for (let at = 0; at < 5; at += 1) await rig.asks({ question: `${"*".repeat(70)} ${at}` });
	for (let at = 0; at < 3; at += 1) await rig.asks({ question: `${"*".repeat(70)} ${at}`, private: true });
	const lines = (await commands("status")).split("\n");
	expect(lines.at(-1)).toBe("…");
	expect(lines.slice(0, -1).every((line) => line.endsWith(">): running, 1 turn"))).toBe(true);
});

test.each([["reasons"], ["export"]])("of a run that is gone `%s` says so, where an answer is awaited", async (verb) => {
	await open();
	const asked = await rig.asks();
	await rig.deps.client.remove(asked.session);
	expect((await uses(asked, verb)).delivered).toEqual({ outcome: "sent" });
	const { content, flags, isLoading } = shown().at(-1)!;
	expect([content, flags, isLoading]).toEqual(["This run is not there any more.", 64 | 4, false]);
});

test("what is said about a button waits for Discord to know that it was seen", async () => {
	await open();
	const asked = await rig.asks();
	await rig.deps.client.remove(asked.session);
	const message = shown()[0]!.id;
	await rig.sends(
		changed(buttonPress(`v1:stop:${asked.session}:${asked.id}`, message, rig.discord.interaction({ message }))),
	);
	const [row] = rig.inbox;
	expect(await rig.works()).toEqual({ outcome: "wait", afterMs: 700, reason: "it was acknowledged just now" });
	expect(rig.discord.callsOf("followUp")).toEqual([]);
	rig.inbox.push(row!);
	rig.clock.advance(700);
	await rig.works();
	expect(rig.discord.callsOf("followUp").map(({ body }) => (body as JsonObject)["content"])).toEqual([
		"This run is not there any more.",
	]);
});

test("teams and what was asked lately are told to who wants to know", async () => {
	const elsewhere = "2000000000000000009";
	await open({ settings: { PUBLIC_URL: "https://team.example/" }, channels: [discordIds.channel, elsewhere] });
	expect(await commands("status")).toBe("Nothing was asked here lately.");
	await rig.asks({ question: "Is *this* a [link](x)?" });
	await rig.asks({ question: "Gone soon" });
	await rig.asks({ question: "Mine alone", private: true }, { user: "99" });
	await rig.asks({ question: "Elsewhere" }, { channel: elsewhere });
	await rig.deps.client.remove(opened()[1]!.id);
	expect(await commands("status")).toMatchInlineSnapshot(`
		"- Gone soon: deleted
		- [Is \\*this\\* a \\[link\\](x)?](<https://team.example/share/s5s6>): running, 1 turn"
	`);
	expect(await commands("team")).toMatchInlineSnapshot(`
		"The team here: **chosen by the service**
		Teams there are:
		- demo"
	`);
	expect(await commands("team", [{ name: "use", type: 3, value: "nobody" }], "32")).toBe("There is no such team.");
});
