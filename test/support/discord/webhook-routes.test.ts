import { afterEach, expect, test } from "vitest";
import type { Json, JsonObject } from "../../../src/std/json.ts";
import { settableClock } from "../chat/settable-clock.ts";
import { callDiscord, outcomeOf } from "./call-discord.ts";
import { messageFlags } from "./discord-limits.ts";
import type { InteractionKind } from "./discord-state.ts";
import { discordIds, startFakeDiscord, type DiscordOptions, type FakeDiscord } from "./fake-discord.ts";

const open: FakeDiscord[] = [];
afterEach(async () => void (await Promise.all(open.splice(0).map((fake) => fake.close()))));

const startMs = 1_790_000_000_000;
const { channel, application } = discordIds;
const many = { max: 99, windowMs: 1000 };

async function standing(options: DiscordOptions = {}): Promise<FakeDiscord> {
	const budgets = { routes: { followUp: many, editOwn: many } };
	const fake = await startFakeDiscord({ budgets, ...options, clock: settableClock(() => startMs) });
	open.push(fake);
	return fake;
}

const call = (fake: FakeDiscord, line: string, body?: Json) => callDiscord(fake, line, body, { token: null });
const hook = (token: string) => `/webhooks/${application}/${token}`;
const edit = (fake: FakeDiscord, token: string, body: JsonObject = { content: "a" }) =>
	outcomeOf(call(fake, `PATCH ${hook(token)}/messages/@original`, body));
const follow = (fake: FakeDiscord, token: string, body: JsonObject = { content: "a" }) =>
	outcomeOf(call(fake, `POST ${hook(token)}`, body));

test("a deferred answer is loading until its first edit, and can be read and deleted", async () => {
	const fake = await standing();
	const { token } = fake.deferred({ flags: messageFlags.ephemeral });
	const own = `${hook(token)}/messages/@original`;
	expect((await call(fake, `GET ${own}`)).body).toMatchObject({ content: "", flags: 64 + 128 });
	expect(await edit(fake, token, { content: "b" })).toBe("200");
	expect(fake.messages(channel)).toMatchObject([{ content: "b", flags: 64, isLoading: false, isEdited: false }]);
	const { id } = fake.messages(channel)[0]!;
	expect(await outcomeOf(callDiscord(fake, `GET /channels/${channel}/messages/${id}`))).toBe("404 10008");
	expect(await outcomeOf(call(fake, `DELETE ${own}`))).toBe("204");
	expect([
		await edit(fake, token),
		await outcomeOf(call(fake, `GET ${own}`)),
		await outcomeOf(call(fake, `DELETE ${own}`)),
	]).toEqual(["404 10008", "404 10008", "404 10008"]);
});

test("the flag of components V2 is refused when an answer is deferred, and taken by its edit", async () => {
	const fake = await standing();
	const { token } = fake.interaction();
	const flags = messageFlags.componentsV2;
	expect(fake.answered(token, { type: 5, data: { flags } })).toMatchObject({ status: 400, body: { code: 50035 } });
	expect(fake.answered(token, { type: 5 })).toBe(null);
	const components = [{ type: 10, content: "a" }];
	expect(await edit(fake, token, { components })).toBe("400 50035");
	expect(await edit(fake, token, { components, flags })).toBe("200");
});

test("an answer comes within three seconds, and once", async () => {
	const fake = await standing();
	const [first, late] = [fake.interaction(), fake.interaction()];
	expect(fake.answered("none", { type: 5 })).toMatchObject({ body: { code: 10062 } });
	fake.clock.advance(3000);
	expect(fake.answered(first.token, { type: 5 })).toBe(null);
	expect(fake.answered(first.token, { type: 5 })).toMatchObject({ status: 400, body: { code: 40060 } });
	fake.clock.advance(1);
	expect(fake.answered(late.token, { type: 5 })).toMatchObject({ status: 404, body: { code: 10062 } });
	expect(await edit(fake, late.token)).toBe("401 50027");
});

test("a token lives fifteen minutes from the interaction on, or until it is revoked", async () => {
	const fake = await standing();
	const [first, second] = [fake.deferred(), fake.deferred()];
	fake.clock.advance(15 * 60_000 - 1);
	expect([await edit(fake, first.token), await follow(fake, first.token)]).toEqual(["200", "200"]);
	fake.revoke(second.token);
	expect(await edit(fake, second.token)).toBe("401 50027");
	fake.clock.advance(1);
	expect([await edit(fake, first.token), await follow(fake, first.token)]).toEqual(["401 50027", "401 50027"]);
	expect(fake.invalidCount()).toBe(3);
});

test("an answer is unknown for a moment after it was given", async () => {
	const fake = await standing({ raceMs: 500 });
	const { token } = fake.interaction();
	expect(await edit(fake, token)).toBe("404 10015");
	fake.answered(token, { type: 5 });
	fake.clock.advance(499);
	expect([await edit(fake, token), await follow(fake, token)]).toEqual(["404 10015", "404 10015"]);
	fake.clock.advance(1);
	expect(await edit(fake, token)).toBe("200");
	expect(await outcomeOf(call(fake, `PATCH /webhooks/1/${token}/messages/@original`, { content: "a" }))).toBe(
		"404 10015",
	);
});

test("what follows a deferred answer at once becomes that answer", async () => {
	const fake = await standing();
	const { token } = fake.deferred();
	expect([await follow(fake, token, { content: "a" }), await follow(fake, token, { content: "b" })]).toEqual([
		"200",
		"200",
	]);
	expect(fake.messages(channel)).toMatchObject([{ content: "a" }, { content: "b" }]);
});

test.each([
	["a person alone has installed", true, "400 40094"],
	["a guild has installed", false, "200"],
])("after five messages the sixth of an app that %s is answered", async (_, isUserInstall, sixth) => {
	const fake = await standing();
	const { token } = fake.deferred({ isUserInstall });
	await edit(fake, token);
	for (let count = 0; count < 5; count++) expect(await follow(fake, token)).toBe("200");
	expect(await follow(fake, token)).toBe(sixth);
	expect(await edit(fake, token)).toBe("200");
});

test("a further message may be for one person, and is edited under its own id", async () => {
	const fake = await standing();
	const { token } = fake.deferred();
	await edit(fake, token);
	const { body } = await call(fake, `POST ${hook(token)}`, { content: "why", flags: messageFlags.ephemeral });
	const own = `${hook(token)}/messages/${String((body as JsonObject)["id"])}`;
	expect(await outcomeOf(call(fake, `PATCH ${own}`, { content: "because" }))).toBe("200");
	expect((await call(fake, `GET ${own}`)).body).toMatchObject({ content: "because", flags: 64 });
});

test.each<[InteractionKind, answers: readonly number[]]>([
	["ping", [1]],
	["command", [4, 5, 9]],
	["component", [4, 5, 6, 7, 9]],
	["autocomplete", [8]],
	["modal", [4, 5, 6, 7]],
])("the answers to an interaction of the kind %s are of the types %j", async (kind, answers) => {
	const fake = await standing({ channels: [channel] });
	const message = fake.say(channel, "on which it stands");
	const data = { content: "a", choices: [], custom_id: "a", title: "a", components: [] };
	const taken = Array.from({ length: 12 }, (_, type) => type).filter(
		(type) =>
			fake.answered(fake.interaction({ kind, message }).token, { type, data: type === 5 ? {} : data }) === null,
	);
	expect(taken).toEqual(answers);
});

test("where the bot is not, it has the token alone", async () => {
	const fake = await standing();
	const { token } = fake.deferred({ channel: "2999999999999999999", isUserInstall: true });
	expect(await edit(fake, token)).toBe("200");
	const { id } = fake.messages("2999999999999999999")[0]!;
	const alone = callDiscord(fake, `PATCH /channels/2999999999999999999/messages/${id}`, { content: "b" });
	expect(await outcomeOf(alone)).toBe("403 50001");
});

test.each<[rule: string, answer: JsonObject, code: number | null]>([
	["a message", { type: 4, data: { content: "a" } }, null],
	["a message that is too long", { type: 4, data: { content: "x".repeat(2001) } }, 50035],
	["an empty message", { type: 4, data: {} }, 50006],
	["a silent acknowledgement", { type: 6 }, null],
	["another message in its place", { type: 7, data: { content: "b" } }, null],
	["one that is too long in its place", { type: 7, data: { content: "x".repeat(2001) } }, 50035],
	["25 choices", { type: 8, data: { choices: Array.from({ length: 25 }, () => ({})) } }, null],
	["26 choices", { type: 8, data: { choices: Array.from({ length: 26 }, () => ({})) } }, 50035],
	["a form", { type: 9, data: { custom_id: "a", title: "x".repeat(45), components: [input("q")] } }, null],
	[
		"a form with a long title",
		{ type: 9, data: { custom_id: "a", title: "x".repeat(46), components: [input("q")] } },
		50035,
	],
	["a form of five", { type: 9, data: { custom_id: "a", title: "a", components: inputs(5) } }, null],
	["a form of six", { type: 9, data: { custom_id: "a", title: "a", components: inputs(6) } }, 50035],
	[
		"a form with an input outside a label",
		{ type: 9, data: { custom_id: "a", title: "a", components: [{ type: 4, custom_id: "q" }] } },
		50035,
	],
	["an unknown type", { type: 99 }, 50035],
])("an interaction is answered with %s", async (_, answer, code) => {
	const fake = await standing();
	const message = fake.say(channel, "on which the button stands");
	const kind = answer["type"] === 8 ? "autocomplete" : "component";
	const { token } = fake.interaction({ message, kind });
	const fault = fake.answered(token, answer);
	expect(fault === null ? null : (fault.body as JsonObject)["code"]).toBe(code);
});

function input(id: string): JsonObject {
	return { type: 18, label: "Answer", component: { type: 4, custom_id: id, style: 2 } };
}

function inputs(count: number): JsonObject[] {
	return Array.from({ length: count }, (_, index) => input(`${index}`));
}

test("an interaction calls people only, if nothing is said", async () => {
	const fake = await standing();
	fake.answered(fake.interaction().token, { type: 4, data: { content: "@everyone <@&3> <@1>" } });
	expect(fake.pings.map(({ mention }) => mention)).toEqual(["<@1>"]);
});

test("each interaction has a bucket of its own", async () => {
	const fake = await standing({ budgets: { routes: { editOwn: { max: 1, windowMs: 1000 } } } });
	const [first, second] = [fake.deferred(), fake.deferred()];
	expect([await edit(fake, first.token), await edit(fake, first.token), await edit(fake, second.token)]).toEqual([
		"200",
		"429",
		"200",
	]);
});
