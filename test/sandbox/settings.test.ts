import { resolve } from "node:path";
import { expect, test } from "vitest";
import { readRunnerSettings } from "../../src/sandbox/runner/settings.ts";

const token = "0123456789abcdef01234567";

test("what is not said is what is safe", () => {
	expect(readRunnerSettings({})).toEqual({
		host: "127.0.0.1",
		port: 8790,
		token: "",
		stateDir: resolve(".massgen-sandbox"),
		sandboxesMax: 16,
		limitsMax: {
			idleMs: 86_400_000,
			memoryBytesMax: 1_073_741_824,
			processesMax: 1024,
			cpuPercentMax: 200,
			diskBytesMax: 2_147_483_648,
			fileBytesMax: 2_147_483_648,
			egressBytesMax: 2_147_483_648,
		},
		egress: [],
		firstUid: null,
	});
});

test.each<[string, Record<string, string>, string]>([
	["a port beyond the last", { PORT: "65536" }, "PORT must be a whole number from 0 to 65535."],
	["no sandbox at all", { SANDBOX_MAX: "0" }, "SANDBOX_MAX must be a whole number from 1 to 256."],
	["too many sandboxes", { SANDBOX_MAX: "257" }, "SANDBOX_MAX must be a whole number from 1 to 256."],
	[
		"half a processor's percent",
		{ SANDBOX_CPU_PERCENT: "99.5" },
		"SANDBOX_CPU_PERCENT must be a whole number from 10 to 6400.",
	],
	[
		"words for a number",
		{ SANDBOX_MEMORY_MB: "much" },
		"SANDBOX_MEMORY_MB must be a whole number from 16 to 1048576.",
	],
	[
		"no token where others can reach it",
		{ SANDBOX_HOST: "0.0.0.0" },
		"SANDBOX_TOKEN must be set where others than this machine can reach the runner (SANDBOX_HOST=0.0.0.0). Make one with: openssl rand -hex 32",
	],
	[
		"a token that can be guessed",
		{ SANDBOX_TOKEN: token.slice(1) },
		"SANDBOX_TOKEN must have at least 24 characters. Make one with: openssl rand -hex 32",
	],
	[
		"an origin with a path",
		{ SANDBOX_EGRESS: "https://a.test/x" },
		"SANDBOX_EGRESS must be origins like https://pypi.org, with commas, or *.",
	],
	[
		"an origin of another protocol",
		{ SANDBOX_EGRESS: "ftp://a.test" },
		"SANDBOX_EGRESS must be origins like https://pypi.org, with commas, or *.",
	],
	[
		"an origin with a password",
		{ SANDBOX_EGRESS: "https://u:p@a.test" },
		"SANDBOX_EGRESS must be origins like https://pypi.org, with commas, or *.",
	],
])("%s is refused", (_, env, fault) => expect(readRunnerSettings(env)).toEqual({ fault }));

test.each<[string, unknown]>([
	["", []],
	["https://pypi.org", ["https://pypi.org"]],
	["https://PyPI.org:443/, http://127.0.0.1:8787", ["https://pypi.org", "http://127.0.0.1:8787"]],
	["https://pypi.org,*", "all"],
])("SANDBOX_EGRESS=%s", (text, egress) => {
	expect(readRunnerSettings({ SANDBOX_EGRESS: text, SANDBOX_TOKEN: token, SANDBOX_HOST: "0.0.0.0" })).toMatchObject({
		egress,
		token,
	});
});
