import { expect, test } from "vitest";
import type { JsonObject } from "../../../src/std/json.ts";
import {
	applicationDeauthorized,
	askCommand,
	autocomplete,
	buttonPress,
	eventPing,
	messageMenu,
	modalSubmit,
	ping,
	selectChoice,
	slashCommand,
} from "./discord-payloads.ts";
import { discordKeys, malformedInteractions, signedInteraction } from "./sign-discord.ts";

const keys = discordKeys();
const at = 1_790_000_000_000;
const body: JsonObject = { type: 1 };

/** As a receiver does it, in the Web's own words. */
async function isSigned(request: Request): Promise<boolean> {
	const signature = Buffer.from(request.headers.get("x-signature-ed25519") ?? "", "hex");
	const timestamp = request.headers.get("x-signature-timestamp") ?? "";
	const text = await request.text();
	if (signature.length !== 64 || timestamp === "" || text === "") return false;
	const raw = Buffer.from(keys.publicKeyHex, "hex");
	const key = await crypto.subtle.importKey("raw", raw, { name: "Ed25519" }, false, ["verify"]);
	return crypto.subtle.verify("Ed25519", key, signature, new TextEncoder().encode(timestamp + text));
}

test("a signed request is verified with 64 hex digits, and carries its time in seconds", async () => {
	const request = signedInteraction({ keys, body, at });
	expect(request.headers.get("x-signature-timestamp")).toBe("1790000000");
	expect([keys.publicKeyHex.length, await isSigned(request)]).toEqual([64, true]);
});

test.each(malformedInteractions({ keys, body, at }))("%s is not verified", async (_, request) => {
	expect(await isSigned(request)).toBe(false);
});

const attachment = { id: "8", filename: "a.md", size: 3, contentType: "text/markdown", url: "http://127.0.0.1/a.md" };

test.each<[string, JsonObject, JsonObject]>([
	["a ping", ping(), { type: 1, application_id: "1000000000000000001" }],
	[
		"/ask with everything",
		askCommand({ question: "why?", team: "three", attachment, private: true }),
		{
			type: 2,
			data: {
				name: "ask",
				options: [
					{ name: "question", type: 3, value: "why?" },
					{ name: "team", type: 3, value: "three" },
					{ name: "attachment", type: 11, value: "8" },
					{ name: "private", type: 5, value: true },
				],
				resolved: { attachments: { 8: { filename: "a.md", content_type: "text/markdown" } } },
			},
		},
	],
	["/status", slashCommand("status"), { type: 2, data: { name: "status", type: 1, options: [] } }],
	[
		"a message's menu",
		messageMenu("Ask the team", "so?"),
		{ type: 2, data: { type: 3, resolved: { messages: { "7000000000000000001": { content: "so?" } } } } },
	],
	[
		"a button",
		buttonPress("v1:stop:s1", "9"),
		{ type: 3, data: { component_type: 2, custom_id: "v1:stop:s1" }, message: { id: "9" } },
	],
	[
		"a select",
		selectChoice({ customId: "team", values: ["a"] }, "9"),
		{ type: 3, data: { component_type: 3, values: ["a"] } },
	],
	[
		"a form",
		modalSubmit("answer", { text: "Rome" }),
		{
			type: 5,
			data: { custom_id: "answer", components: [{ type: 18, component: { custom_id: "text", value: "Rome" } }] },
		},
	],
	[
		"what is being typed",
		autocomplete("team", { name: "name", value: "th" }),
		{ type: 4, data: { options: [{ name: "name", value: "th", focused: true }] } },
	],
	["the check of events", eventPing(), { type: 0, version: 1 }],
	[
		"an app that is thrown out",
		applicationDeauthorized("3"),
		{ type: 1, event: { type: "APPLICATION_DEAUTHORIZED", data: { user: { id: "3" } } } },
	],
])("the payload of %s has Discord's shape", (_, payload, expected) => {
	expect(payload).toMatchObject(expected);
});

test.each<[string, JsonObject, JsonObject]>([
	[
		"a guild",
		slashCommand("ask"),
		{ context: 0, guild_id: "6000000000000000001", authorizing_integration_owners: { 0: "6000000000000000001" } },
	],
	[
		"a direct message",
		slashCommand("ask", [], { guild: null, installed: "user" }),
		{
			context: 1,
			user: { id: "3000000000000000001" },
			authorizing_integration_owners: { 1: "3000000000000000001" },
		},
	],
	[
		"both installs",
		slashCommand("ask", [], { installed: "both" }),
		{ authorizing_integration_owners: { 0: "6000000000000000001", 1: "3000000000000000001" } },
	],
])("an interaction from %s says who has installed the app", (_, payload, expected) => {
	expect(payload).toMatchObject(expected);
	expect("member" in payload).toBe("guild_id" in payload);
});
