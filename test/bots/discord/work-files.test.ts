import { afterEach, expect, test } from "vitest";
import { slashCommand } from "../../support/discord/discord-payloads.ts";
import { discordIds } from "../../support/discord/fake-discord.ts";
import { openRig, type Rig, type RigOptions } from "./rig.ts";

let rig: Rig;

async function open(options: RigOptions = {}): Promise<Rig> {
	rig = await openRig(options);
	return rig;
}

afterEach(() => rig.close());

const opened = () => rig.api.sessions.opened();
const shown = () => rig.discord.messages(discordIds.channel);

const cdn = "https://cdn.discordapp.com/attachments/1/2/notes.md";
const attachment = { id: "1", filename: "notes.md", size: 9, contentType: "text/markdown; charset=utf-8", url: cdn };

test("a file comes along with the question", async () => {
	const team = { agents: [{ id: "a", backend: "openai", model: "gpt" }] };
	await open({ files: { [cdn]: () => new Response("# A note\n") } });
	Object.assign(rig.api.deps.backends, { about: () => ({ host: "openai" }) });
	await rig.deps.client.putTeam("readers", team);
	await rig.asks({ team: "readers", attachment });
	expect(opened()[0]?.attachments).toEqual([
		{ name: "notes.md", media_type: "text/markdown", base64: btoa("# A note\n") },
	]);
});

test.each<[what: string, response: (init?: RequestInit) => Response]>([
	["is gone", () => new Response(null, { status: 404 })],
	["leads elsewhere", (init) => new Response("stolen", { status: init?.redirect === "manual" ? 302 : 200 })],
	[
		"breaks off",
		() => {
			throw new Error("reset");
		},
	],
	["is larger than it said", () => new Response("x".repeat(2 * 1024 * 1024 + 1))],
])("a question whose file %s is not asked without it", async (_, response) => {
	await open({ files: { [cdn]: response } });
	await rig.sends(
		slashCommand(
			"ask",
			[
				{ name: "question", type: 3, value: "?" },
				{ name: "attachment", type: 11, value: "1" },
			],
			rig.discord.interaction(),
			{
				resolved: {
					attachments: {
						1: { id: "1", filename: "notes.md", size: 9, content_type: "text/plain", url: cdn },
					},
				},
			},
		),
	);
	rig.clock.advance(1000);
	await rig.works();
	expect([opened(), shown().at(-1)?.content]).toEqual([
		[],
		"I could not fetch the file from Discord. Please ask again.",
	]);
});
