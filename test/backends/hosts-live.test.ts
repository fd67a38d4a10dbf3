import { execFile } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { settingsAt } from "../support/fake-hosts.ts";
import { startFakeProviders } from "../support/fake-providers.ts";

const command = join(import.meta.dirname, "../support/live.ts");
/** Without a `.dev.vars`, which may hold a true key. */
const cwd = mkdtempSync(join(tmpdir(), "live-"));

const fake = await startFakeProviders({
	brain: ({ messages, model }) => {
		const result = messages.find(({ role }) => role === "tool")?.text;
		if (model === "broken") return [{ status: 401, message: "no" }];
		if (model === "endless") return [{ tool: "multiply", arguments: { a: 1, b: 1 } }];
		if (model === "lazy") return [{ text: "3414874139" }];
		if (result !== undefined) return [{ text: `It is ${result}.` }, { usage: { input: 1000, output: 100 } }];
		return [{ tool: "multiply", arguments: { a: 48_611, b: 70_249 } }, { usage: { input: 500, output: 50 } }];
	},
});
afterAll(fake.close);

type Ran = { readonly exit: number; readonly lines: readonly string[]; readonly complaint: string };

function live(args: readonly string[], settings: Readonly<Record<string, string>> = {}): Promise<Ran> {
	const env = { PATH: process.env["PATH"] ?? "", ...settings };
	return new Promise((done) => {
		const child = execFile(process.execPath, [command, ...args], { cwd, env }, (_, stdout, stderr) =>
			done({ exit: child.exitCode ?? -1, lines: stdout.split("\n").slice(0, -1), complaint: stderr }),
		);
	});
}

const isEcho = (line: string) => line.startsWith('{"type":"echo"');
const usage = (input: number, output: number) => `usage {"input":${input},"output":${output},"cached":0,"reasoning":0}`;

test("one question: the events, the tokens and the cost of each call", async () => {
	const ran = await live(["--backend", "deepseek", "--model", "deepseek-chat-0"], settingsAt(fake.url));
	expect({ ...ran, lines: ran.lines.filter((line) => !isEcho(line)) }).toEqual({
		exit: 0,
		complaint: "",
		lines: [
			expect.stringMatching(
				/^{"type":"tool_call","call":{"id":"\w+","name":"multiply","arguments":{"a":48611,"b":70249}}}$/,
			),
			'{"type":"usage","usage":{"input":500,"output":50,"cached":0,"reasoning":0}}',
			'{"type":"end","stop":"tools"}',
			`${usage(500, 50)}, cost unknown`,
			`{"type":"text","text":"It is ${48_611 * 70_249}."}`,
			'{"type":"usage","usage":{"input":1000,"output":100,"cached":0,"reasoning":0}}',
			'{"type":"end","stop":"end"}',
			`${usage(1000, 100)}, cost unknown`,
		],
	});
});

test("the default model has a price", async () => {
	const { lines } = await live(["--backend", "anthropic"], settingsAt(fake.url));
	expect(lines.filter((line) => line.startsWith("usage"))).toEqual([
		'usage {"input":500,"output":50,"cached":0,"reasoning":0,"written":0}, cost $0.00375',
		'usage {"input":1000,"output":100,"cached":0,"reasoning":0,"written":0}, cost $0.0075',
	]);
});

test.each<[string, readonly string[], Readonly<Record<string, string>>, number, RegExp]>([
	[
		"without a key it is skipped",
		["--backend", "openai"],
		{},
		0,
		/^skipped: openai needs a key: set OPENAI_API_KEY$/,
	],
	[
		"in CI it is skipped",
		["--backend", "openai"],
		{ OPENAI_API_KEY: "k", CI: "true" },
		0,
		/^skipped: it costs money, so never in CI$/,
	],
	["an unknown backend is bad usage", ["--backend", "nobody"], {}, 64, /^usage: /],
	["none is bad usage", [], {}, 64, /^usage: /],
	["a refused call fails", ["--backend", "groq", "--model", "broken"], settingsAt(fake.url), 1, /"failed".*"auth"/],
	[
		"an answer without the tool fails",
		["--backend", "groq", "--model", "lazy"],
		settingsAt(fake.url),
		1,
		/3414874139/,
	],
])("%s", async (_, args, settings, exit, said) => {
	const ran = await live(args, settings);
	const [first = ""] = [...ran.lines, ...ran.complaint.split("\n")];
	expect({ exit: ran.exit, said: said.test(first) }).toEqual({ exit, said: true });
});

test("a model that never stops calling is stopped after four calls", async () => {
	const before = fake.requests.length;
	const { exit } = await live(["--backend", "groq", "--model", "endless"], settingsAt(fake.url));
	expect([exit, fake.requests.length - before]).toEqual([1, 4]);
});
