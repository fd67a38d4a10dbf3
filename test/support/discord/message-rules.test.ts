import { expect, test } from "vitest";
import type { Json, JsonObject } from "../../../src/std/json.ts";
import { messageFlags } from "./discord-limits.ts";
import { isEmptyMessage, messageFault, type SentFile } from "./message-rules.ts";

const x = (count: number): string => "x".repeat(count);
const times = <Each>(count: number, make: (index: number) => Each): Each[] =>
	Array.from({ length: count }, (_, index) => make(index));
const row = (...components: Json[]): JsonObject => ({ type: 1, components });
const button = (more: JsonObject = {}): JsonObject => ({
	type: 2,
	style: 1,
	label: "Stop",
	custom_id: "stop",
	...more,
});
const display = (content: string): JsonObject => ({ type: 10, content });
const select = (more: JsonObject = {}): JsonObject => ({
	type: 3,
	custom_id: "s",
	options: [{ label: "a", value: "a" }],
	...more,
});
const v2 = (...components: Json[]): JsonObject => ({ flags: messageFlags.componentsV2, components });
const embed = (more: JsonObject): JsonObject => ({ embeds: [more] });
const field = (name: number, value: number): JsonObject => ({ name: x(name), value: x(value) });
const file = (bytes: number): SentFile => ({ name: "a.md", bytes: Buffer.alloc(bytes) });
const section = (texts: number): JsonObject => ({
	type: 9,
	components: times(texts, () => display("a")),
	accessory: button(),
});
const any = Object.values(messageFlags).reduce((sum, flag) => sum | flag, 0);

function outcome(body: JsonObject, files: readonly SentFile[] = [], flags = 0): string {
	const fault = messageFault({ body, files, flags, flagsAllowed: any });
	return fault === null ? "ok" : `${fault.status} ${String((fault.body as JsonObject)["code"])}`;
}

test.each<[limit: string, make: (count: number) => JsonObject, max: number]>([
	["content", (count) => ({ content: x(count) }), 2000],
	["embeds", (count) => ({ embeds: times(count, () => ({ title: "a" })) }), 10],
	["an embed's title", (count) => embed({ title: x(count) }), 256],
	["an embed's description", (count) => embed({ description: x(count) }), 4096],
	["an embed's fields", (count) => embed({ fields: times(count, () => field(1, 1)) }), 25],
	["a field's name", (count) => embed({ fields: [field(count, 1)] }), 256],
	["a field's value", (count) => embed({ fields: [field(1, count)] }), 1024],
	["an embed's footer", (count) => embed({ footer: { text: x(count) } }), 2048],
	["an embed's author", (count) => embed({ author: { name: x(count) } }), 256],
	["all embeds", (count) => ({ embeds: [{ description: x(4000) }, { description: x(count - 4000) }] }), 6000],
	["rows", (count) => ({ components: times(count, (index) => row(button({ custom_id: `${index}` }))) }), 5],
	[
		"buttons of a row",
		(count) => ({ components: [row(...times(count, (index) => button({ custom_id: `${index}` })))] }),
		5,
	],
	["a custom id", (count) => ({ components: [row(button({ custom_id: x(count) }))] }), 100],
	["a button's label", (count) => ({ components: [row(button({ label: x(count) }))] }), 80],
	["a link", (count) => ({ components: [row({ type: 2, style: 5, label: "a", url: x(count) })] }), 512],
	[
		"options",
		(count) => ({ components: [row(select({ options: times(count, () => ({ label: "a", value: "a" })) }))] }),
		25,
	],
	[
		"an option's label",
		(count) => ({ components: [row(select({ options: [{ label: x(count), value: "a" }] }))] }),
		100,
	],
	["a placeholder", (count) => ({ components: [row(select({ placeholder: x(count) }))] }), 150],
	["components of all depths", (count) => v2({ type: 17, components: times(count - 1, () => display("a")) }), 40],
	["a text display", (count) => v2(display(x(count))), 4000],
	["all text displays", (count) => v2(display(x(3000)), { type: 17, components: [display(x(count - 3000))] }), 4000],
	["texts of a section", (count) => v2(section(count)), 3],
	["items of a gallery", (count) => v2({ type: 12, items: times(count, () => ({})) }), 10],
	["a nonce", (count) => ({ content: "a", nonce: x(count) }), 25],
	["people who may be called", (count) => ({ content: "a", allowed_mentions: { users: times(count, String) } }), 100],
])("%s: the most is let through, one more is refused", (_, make, max) => {
	expect([outcome(make(max)), outcome(make(max + 1))]).toEqual(["ok", "400 50035"]);
});

test.each<[rule: string, body: JsonObject]>([
	["an empty custom id", { components: [row(button({ custom_id: "" }))] }],
	["no custom id", { components: [row({ type: 2, style: 1, label: "a" })] }],
	["the same custom id twice", { components: [row(button(), button())] }],
	["a button that says nothing", { components: [row({ type: 2, style: 1, custom_id: "a" })] }],
	["an unknown style", { components: [row(button({ style: 9 }))] }],
	["a link with a custom id", { components: [row(button({ style: 5, url: "https://a.example" }))] }],
	["a link to nowhere", { components: [row({ type: 2, style: 5, label: "a" })] }],
	["two selects in a row", { components: [row(select(), select({ custom_id: "t" }))] }],
	["an empty row", { components: [row()] }],
	["a button outside a row", { components: [button()] }],
	["a text display without the flag", { components: [display("a")] }],
	["an empty text display", v2(display(""))],
	["a section without its accessory", v2({ type: 9, components: [display("a")] })],
	["a container in a container", v2({ type: 17, components: [{ type: 17, components: [] }] })],
	["an unknown component", v2({ type: 99 })],
	["content beside components V2", { ...v2(display("a")), content: "a" }],
	["embeds beside components V2", { ...v2(display("a")), embeds: [{ title: "a" }] }],
	["a poll beside components V2", { ...v2(display("a")), poll: {} }],
	["an unknown flag", { content: "a", flags: 1 << 3 }],
	["an unknown kind of mention", { content: "a", allowed_mentions: { parse: ["all"] } }],
	["people named and parsed", { content: "a", allowed_mentions: { parse: ["users"], users: ["1"] } }],
	["a description of a file that has not come", { content: "a", attachments: [{ id: 0, filename: "a.md" }] }],
])("%s is refused", (_, body) => {
	expect(outcome(body)).toBe("400 50035");
});

test("what is wrong is told at its place", () => {
	const body = { content: x(2001), components: [row(button({ label: x(81) }))] };
	expect(messageFault({ body, files: [], flags: 0, flagsAllowed: any })).toEqual({
		status: 400,
		body: {
			message: "Invalid Form Body",
			code: 50035,
			errors: {
				content: { _errors: [{ code: "BASE_TYPE_MAX_LENGTH", message: "Must be 2000 or fewer in length." }] },
				components: {
					0: {
						components: {
							0: {
								label: {
									_errors: [
										{ code: "BASE_TYPE_MAX_LENGTH", message: "Must be 80 or fewer in length." },
									],
								},
							},
						},
					},
				},
			},
		},
	});
});

test("Discord breaks when the bytes of all text displays, and 12 for each, are more than 10170", () => {
	// Three bytes each, so that the bytes are too many long before the characters are.
	const wide = (bytes: number) => "語".repeat(Math.floor(bytes / 3)) + x(bytes % 3);
	const most = 10_170 - 2 * 12;
	expect(outcome(v2(display(wide(6000)), display(wide(most - 6000))))).toBe("ok");
	expect(outcome(v2(display(wide(6000)), display(wide(most - 6000 + 1))))).toBe("500 0");
	expect(outcome(v2(display(wide(6000)), display(wide(most - 6000 - 1)), display("x")))).toBe("500 0");
});

test("content may be taken away from a message that becomes one of components", () => {
	expect(outcome({ ...v2(display("a")), content: null, embeds: [] })).toBe("ok");
	expect(outcome({ content: "a" }, [], messageFlags.componentsV2)).toBe("400 50035");
	expect(outcome({ components: [display("a")] }, [], messageFlags.componentsV2)).toBe("ok");
});

test("a file has 10 MiB, and a message ten files", () => {
	const mib10 = 10 * 1024 * 1024;
	expect([outcome({}, [file(mib10)]), outcome({}, [file(mib10 + 1)])]).toEqual(["ok", "413 40005"]);
	const files = (count: number) => times(count, () => file(1));
	expect([outcome({}, files(10)), outcome({}, files(11))]).toEqual(["ok", "400 50035"]);
});

test("a message must show something", () => {
	const empty = (body: JsonObject, files: readonly SentFile[] = []) => isEmptyMessage({ body, files });
	expect([empty({}), empty({ content: "" }), empty({ embeds: [] })]).toEqual([true, true, true]);
	expect([empty({ content: "a" }), empty({ embeds: [{}] }), empty({}, [file(1)])]).toEqual([false, false, false]);
});
