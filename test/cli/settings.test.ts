import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { faultIn, keyOf, readSettings } from "../../src/cli/settings.ts";

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "massgen-settings-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("settings", () => {
	test.each<[string, string | null, Record<string, string | undefined>, Record<string, string>]>([
		[
			"without a file, the environment's own",
			null,
			{ OPENAI_API_KEY: "k", XAI_BASE_URL: "u" },
			{ OPENAI_API_KEY: "k", XAI_BASE_URL: "u" },
		],
		[
			"the file's, quoted or not",
			'ADMIN_KEY="a b"\nSLACK_BOT_TOKEN=t # mine\n',
			{},
			{ ADMIN_KEY: "a b", SLACK_BOT_TOKEN: "t" },
		],
		[
			"the environment's over the file's",
			"GEMINI_API_KEY=file\n",
			{ GEMINI_API_KEY: "mine" },
			{ GEMINI_API_KEY: "mine" },
		],
		["nothing that is no setting", "HOME=/\nNPM_TOKEN=t\n", { PATH: "/bin", MASSGEN_KEY: "k" }, {}],
		["nothing that is empty", "OPENAI_API_KEY=\n", { DISCORD_PUBLIC_KEY: "", SANDBOX_URL: undefined }, {}],
	])("are %s", (_, file, environment, expected) => {
		if (file !== null) writeFileSync(join(folder, ".dev.vars"), file);
		expect(readSettings(folder, environment)).toEqual(expected);
	});
});

describe("the key of a state folder", () => {
	test("is made at the first start and the same ever after", () => {
		const state = join(folder, "deep", "state");
		const key = keyOf(state);
		expect([/^mg_[\w-]{43}$/.test(key), keyOf(state), readFileSync(join(state, "key"), "utf8")]).toEqual([
			true,
			key,
			`${key}\n`,
		]);
	});

	test("can be read by its owner alone", () => {
		keyOf(folder);
		expect(statSync(join(folder, "key")).mode & 0o777).toBe(0o600);
	});

	test("differs from folder to folder", () => {
		expect(keyOf(join(folder, "one")) === keyOf(join(folder, "two"))).toBe(false);
	});

	test("is what a person wrote there", () => {
		writeFileSync(join(folder, "key"), " my-own \n");
		expect(keyOf(folder)).toBe("my-own");
	});

	test.each(["", "\n", "  \n"])("is made anew if the file holds only %j, and nothing else is left", (text) => {
		writeFileSync(join(folder, "key"), text);
		const key = keyOf(folder);
		expect([/^mg_[\w-]{43}$/.test(key), keyOf(folder), readdirSync(folder)]).toEqual([true, key, ["key"]]);
	});

	test("is refused if no header could carry it", () => {
		writeFileSync(join(folder, "key"), "my own");
		expect(() => keyOf(folder)).toThrow(
			`The key in ${join(folder, "key")} must be printable ASCII without spaces.`,
		);
	});
});

describe("the fault in an ADMIN_KEY", () => {
	const fault = "ADMIN_KEY must be printable ASCII without spaces.";
	test.each<[string, string, string | null]>([
		["none in the first printable", "!", null],
		["none in the last printable", "~", null],
		["a space", " ", fault],
		["a control character", "a\u007f", fault],
		["a letter beyond ASCII", "é", fault],
	])("%s", (_, key, expected) => expect(faultIn({ ADMIN_KEY: key })).toBe(expected));
	test("none if there is no key", () => expect(faultIn({})).toBe(null));
});
