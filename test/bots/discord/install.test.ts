import { afterEach, beforeEach, expect, test } from "vitest";
import type { BotDeps } from "../../../bots/chat.ts";
import { checks } from "../../../bots/discord/checks.ts";
import { commands } from "../../../bots/discord/commands.ts";
import { install } from "../../../bots/discord/install.ts";
import { register } from "../../../bots/discord/register.ts";
import { noted } from "../../../bots/discord/seen.ts";
import { discordIds } from "../../support/discord/fake-discord.ts";
import { keys, openRig, type Rig } from "./rig.ts";

let rig: Rig;

beforeEach(async () => {
	rig = await openRig();
});
afterEach(() => rig.close());

const signal = AbortSignal.timeout(10_000);

test("registering twice leaves the same commands, everywhere or in one server", async () => {
	const named = (scope: string) => rig.discord.commands(scope).map(({ name }) => name);
	for (const guild of [null, null, "77", "77"]) expect((await register(rig.deps, guild, signal)).kind).toBe("ok");
	const names = ["ask", "team", "status", "Ask the team about this"];
	expect([named("global"), named("77"), commands.map(({ name }) => name)]).toEqual([names, names, names]);
});

test.each<[what: string, settings: BotDeps["settings"], request: Request, status: number]>([
	["leads to Discord", { DISCORD_APPLICATION_ID: "1" }, new Request("http://bot.test/discord/install"), 302],
	[
		"leads there for oneself",
		{ DISCORD_APPLICATION_ID: "1" },
		new Request("http://bot.test/discord/install?to=me"),
		302,
	],
	["needs the application's id", {}, new Request("http://bot.test/discord/install"), 503],
	["is read only", {}, new Request("http://bot.test/discord/install", { method: "POST" }), 405],
	["is the only one", {}, new Request("http://bot.test/discord/more"), 404],
])("the page to install the app %s", async (_, settings, request, status) => {
	const response = await install({ ...rig.deps, settings })(request);
	expect([response.status, response.headers.get("location")]).toEqual([
		status,
		status !== 302 ? null : request.url.endsWith("me") ? forMyself : authorize,
	]);
});

const authorize =
	"https://discord.com/oauth2/authorize?client_id=1&scope=bot+applications.commands&permissions=309237763072&integration_type=0";

const forMyself = "https://discord.com/oauth2/authorize?client_id=1&scope=applications.commands&integration_type=1";

type World = {
	readonly settings?: Readonly<Record<string, string>>;
	readonly application?: object | number;
	readonly there?: readonly string[];
	readonly seen?: readonly ("ping" | "signature_refused")[];
};

const usual = {
	DISCORD_PUBLIC_KEY: keys.publicKeyHex,
	DISCORD_APPLICATION_ID: discordIds.application,
	DISCORD_BOT_TOKEN: discordIds.botToken,
};
const ours = { id: discordIds.application, verify_key: keys.publicKeyHex };
const all = commands.map(({ name }) => name);

async function checked({ settings = usual, application = ours, there = all, seen = [] }: World) {
	const answer = (body: unknown) =>
		typeof body === "number" ? new Response(null, { status: body }) : Response.json(body);
	const deps = {
		...rig.deps,
		settings,
		fetch: async (input: unknown) =>
			answer(String(input).endsWith("/applications/@me") ? application : there.map((name) => ({ name }))),
	} as BotDeps;
	for (const what of seen) await noted(deps, what);
	return (await checks(deps)).filter(({ ok }) => !ok).map(({ name, detail, fix }) => [name, detail, fix]);
}

test("where all is well nothing is to be done", async () => {
	expect(await checked({ seen: ["ping"] })).toEqual([]);
	expect(await checked({ seen: ["ping", "signature_refused"] })).toEqual([]);
});

test.each<[what: string, world: World, failing: readonly string[]]>([
	["nothing is set", { settings: {} }, ["public key", "bot token", "endpoint", "commands"]],
	["the key is none", { settings: { ...usual, DISCORD_PUBLIC_KEY: "xyz" } }, ["public key", "bot token"]],
	["the token is wrong", { application: 401 }, ["bot token"]],
	["Discord is away", { application: 503 }, ["bot token"]],
	["the key is of another app", { application: { ...ours, verify_key: "00" } }, ["bot token"]],
	["the id is of another app", { application: { ...ours, id: "2" } }, ["bot token"]],
	["Discord never asked for us", { seen: ["signature_refused"] }, ["endpoint", "signatures"]],
	["a command is missing", { there: all.slice(1) }, ["commands"]],
])("where %s, that is said, with what to do, and no secret", async (_, world, failing) => {
	const found = await checked({ seen: ["ping"], ...world });
	const names = found.map(([name]) => name);
	expect(names.filter((name) => failing.includes(name ?? ""))).toEqual(
		failing.filter((name) => names.includes(name)),
	);
	expect([
		names,
		JSON.stringify(found).includes(discordIds.botToken),
		found.every(([, , fix]) => fix !== ""),
	]).toEqual([
		world.settings !== undefined && Object.keys(world.settings).length === 0
			? ["public key", "bot token", "commands"]
			: failing,
		false,
		true,
	]);
});

test("what anybody can send is written down once a minute at most", async () => {
	const kept = () => rig.installation("discord").kept("seen", "signature_refused");
	const startMs = rig.clock.now();
	await noted(rig.deps, "signature_refused");
	rig.clock.advance(59_999);
	await noted(rig.deps, "signature_refused");
	expect(await kept()).toBe(String(startMs));
	rig.clock.advance(1);
	await noted(rig.deps, "signature_refused");
	expect(await kept()).toBe(String(startMs + 60_000));
});
