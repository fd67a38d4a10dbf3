import { execFile } from "node:child_process";
import { copyFileSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { replayOf } from "../../../src/backends/replay.ts";
import { fed, recording, recordingPath } from "./feed.ts";

const command = join(import.meta.dirname, "../../support/replay.ts");

type Ran = { exit: number; printed: unknown[]; complaint: string };

function run(args: readonly string[], stdin = ""): Promise<Ran> {
	return new Promise((done) => {
		const child = execFile(process.execPath, [command, ...args], (_, stdout, stderr) => {
			const printed: unknown[] = stdout
				.split("\n")
				.filter((line) => line !== "")
				.map((line) => JSON.parse(line));
			done({ exit: child.exitCode ?? -1, printed, complaint: stderr });
		});
		child.stdin?.end(stdin);
	});
}

const refused = {
	text: "",
	reasoning: "",
	toolCalls: [],
	usage: { input: 20, output: 4, cached: 0, reasoning: null },
	stop: "refusal",
	failure: null,
};
const limited = {
	text: "So far",
	reasoning: "",
	toolCalls: [],
	usage: { input: 3, output: null, cached: null, reasoning: null },
	stop: "error",
	failure: { code: "rate_limited", retryable: true, retryAfterMs: 34_400 },
};

test("a restart voids what was said, not what it cost", () => {
	expect(replayOf(fed("anthropic-messages", recording("anthropic-messages/restarted.sse")))).toEqual({
		text: "It is 5.",
		reasoning: "",
		toolCalls: [],
		usage: { input: 20, output: 9, cached: 0, reasoning: null },
		stop: "end",
		failure: null,
	});
});

test("a restart voids reasoning and calls too", () => {
	const call = { id: "a", name: "f", arguments: {} };
	expect(
		replayOf([
			{ type: "reasoning", text: "Hm" },
			{ type: "tool_call", call },
			{ type: "restart" },
			{ type: "end", stop: "end" },
		]),
	).toEqual({
		text: "",
		reasoning: "",
		toolCalls: [],
		usage: { input: null, output: null, cached: null, reasoning: null },
		stop: "end",
		failure: null,
	});
});

test("the command prints one object, for a backend or a wire, whatever the file's name", async () => {
	const renamed = join(mkdtempSync(join(tmpdir(), "replay-")), "x");
	copyFileSync(recordingPath("anthropic-messages/refusal.sse"), renamed);
	expect(await run(["--backend", "anthropic", renamed])).toEqual({ exit: 0, printed: [refused], complaint: "" });
	expect(await run(["--backend", "gemini-generate", recordingPath("gemini-generate/error-inside.sse")])).toEqual({
		exit: 0,
		printed: [limited],
		complaint: "",
	});
});

test("--batch prints a line for each line read, in order", async () => {
	const asked = ["gemini-generate/error-inside.sse", "anthropic-messages/refusal.sse"].map((name) =>
		JSON.stringify({ backend: "groq", file: recordingPath(name) }),
	);
	expect(await run(["--batch"], asked.join("\n"))).toEqual({ exit: 0, printed: [limited, refused], complaint: "" });
});

test.each<[string, readonly string[], string, RegExp]>([
	["an unknown backend", ["--backend", "nobody", recordingPath("openai-chat/cut.sse")], "", /nobody/],
	["a missing file", ["--backend", "openai", "/nowhere/body.sse"], "", /\/nowhere\/body\.sse/],
	["no file", ["--backend", "openai"], "", /usage/],
	["no backend", [recordingPath("openai-chat/cut.sse")], "", /usage/],
	["a directory", ["--backend", "openai", recordingPath("openai-chat")], "", /directory.*openai-chat/],
	["more than one file", ["--backend", "openai", "a", "b"], "", /usage/],
])("%s is named on stderr, exit 64", async (_, args, stdin, complaint) => {
	const ran = await run(args, stdin);
	expect({ exit: ran.exit, printed: ran.printed, named: complaint.test(ran.complaint) }).toEqual({
		exit: 64,
		printed: [],
		named: true,
	});
});

test("an empty file is a body that was cut", async () => {
	const empty = join(mkdtempSync(join(tmpdir(), "replay-")), "empty");
	writeFileSync(empty, "");
	const cut = { code: "bad_stream", retryable: true, retryAfterMs: null };
	expect(await run(["--backend", "openai", empty])).toEqual({
		exit: 0,
		printed: [{ ...limited, text: "", usage: { ...limited.usage, input: null }, stop: "cut", failure: cut }],
		complaint: "",
	});
});

test("a line of a batch that cannot be answered is told in its place, and the batch goes on", async () => {
	const good = JSON.stringify({ backend: "anthropic", file: recordingPath("anthropic-messages/refusal.sse") });
	const lines = [
		"not JSON",
		good,
		'{"backend":"openai"}',
		"[]",
		JSON.stringify({ backend: "nobody", file: recordingPath("openai-chat/cut.sse") }),
		JSON.stringify({ backend: "openai", file: "/nowhere/body.sse" }),
		JSON.stringify({ backend: "openai", file: recordingPath("openai-chat") }),
		"",
		good,
	];
	const { exit, printed, complaint } = await run(["--batch"], lines.join("\n"));
	const told = printed.map((line) => JSON.stringify(line));
	const wanted = [
		/^{"error":".*JSON.*"}$/,
		refused,
		/^{"error":"not {\\"backend\\",\\"file\\"}/,
		/^{"error":"not {\\"backend\\",\\"file\\"}/,
		/^{"error":"unknown backend: nobody /,
		/^{"error":".*\/nowhere\/body\.sse/,
		/^{"error":"a directory, not a file: /,
		refused,
	];
	expect(
		wanted.map((line, place) => (line instanceof RegExp ? line.test(told[place] ?? "") : printed[place])),
	).toEqual(wanted.map((line) => (line instanceof RegExp ? true : line)));
	expect([exit, printed.length, complaint]).toEqual([64, wanted.length, ""]);
});
