import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { ask } from "../support/ask.ts";
import { member, newAnswer } from "../support/members.ts";
import { startTestServer, type Cast, type TestServer } from "../support/server.ts";

const gold = "Gold, which does not rust.";
const tin = "Tin: it melts on any stove.";

let server: TestServer;
let folder: string;
beforeAll(async () => {
	server = await startTestServer();
	folder = await mkdtemp(join(tmpdir(), "massgen-ask-test-"));
});
afterAll(async () => {
	await server.close();
	await rm(folder, { recursive: true, force: true });
});

const agreeing: Cast = {
	a: member({ answers: gold, votesFor: [gold], presents: "Gold.\nIt lasts." }),
	b: member({ answers: tin, votesFor: [gold] }),
};
const split: Cast = { a: member({ answers: gold, votesFor: [gold] }), b: member({ answers: tin, votesFor: [tin] }) };
const remembering: Cast = { a: () => [{ usage: { input: 1000, output: 9, cached: 500 } }, newAnswer(gold)] };
const failing: Cast = { a: () => [{ status: 401, message: "no such key" }], b: () => [{ status: 404 }] };

/** The team of this cast as a file. */
async function fileOf(cast: Cast): Promise<string> {
	const path = join(folder, `team-${Object.keys(cast).join("")}-${Math.random().toString(36).slice(2)}.json`);
	await writeFile(path, JSON.stringify(server.team(cast)));
	return path;
}

const at = () => ({ MASSGEN_URL: server.url, MASSGEN_KEY: server.key });

describe("one question to a running server", () => {
	test("consensus: exit 0, the answer alone on stdout, the progress on stderr", async () => {
		const { code, stdout, stderr } = await ask(["Which metal?", "--team", await fileOf(agreeing)], {
			environment: at(),
		});
		expect([code, stdout]).toEqual([0, "Gold.\nIt lasts.\n"]);
		const lines = stderr.split("\n").filter((line) => line.startsWith("a") || !/^[ab] /.test(line));
		expect(lines.map((line) => line.replaceAll(/team-\d+-/g, ""))).toEqual([
			"team inline: a = anthropic/a, b = openai/b",
			"a thinks (round 1, sees no other answer)",
			`a answers a1.1: ${gold}`,
			"the seal opens: all answers are shown to all",
			expect.stringMatching(/^a thinks \(round 2, sees (a1\.1, a2\.1|a2\.1, a1\.1)\)$/),
			`a votes for a1.1: because: ${gold}`,
			"consensus on a1.1 (100 % of the team)",
			"5 calls at a price that is not known: 2 answers, 2 votes, 1 presentation",
			"",
		]);
	});

	test.each<[string, Cast, number, RegExp, RegExp]>([
		[
			"no consensus: exit 2, and the answer all the same",
			split,
			2,
			/^(Gold|Tin)[^\n]+\n$/,
			/^no consensus \(split\); best is a\d\.1 \(50 % of the team\)$/m,
		],
		[
			"what caches gave is told at the end of the progress",
			remembering,
			0,
			/^Gold[^\n]+\n$/,
			/\n50 % of the input came from caches\n$/,
		],
		[
			"no answer: exit 3, nothing on stdout, each agent's reason on stderr",
			failing,
			3,
			/^$/,
			/^no answer:\n {2}a: auth: no such key\n {2}b: not_found: fake status 404$/m,
		],
	])("%s", async (_, cast, code, stdout, stderr) => {
		const command = ["npm", "run", "--silent", "ask", "--"];
		const said = await ask(["Which metal?", "--team", await fileOf(cast)], { environment: at(), command });
		expect(said).toEqual({ code, stdout: expect.stringMatching(stdout), stderr: expect.stringMatching(stderr) });
	});

	test("--json prints the result object on one line", async () => {
		const { code, stdout } = await ask(["--json", "--team", await fileOf(agreeing), "Which metal?"], {
			environment: at(),
		});
		expect([code, stdout.trimEnd().split("\n").length]).toEqual([0, 1]);
		const { id, usage, dissent, ...result } = JSON.parse(stdout);
		expect(result).toEqual({
			question: "Which metal?",
			status: "done",
			answer: "Gold.\nIt lasts.",
			consensus: true,
			agreement: 1,
			winner: { agent: "a", answer: "a1.1" },
			tally: [
				{ answer: "a1.1", votes: 2, self_votes: 1, pooled: [] },
				{ answer: "a2.1", votes: 0, self_votes: 0, pooled: [] },
			],
			votes: ["a", "b"].map((agent) => ({ agent, answer: "a1.1", reason: `because: ${gold}` })),
			attempts: 1,
			reasons: [],
			cache: { share: 0, saved_usd: 0 },
			cost_usd: null,
		});
		expect([dissent.text, usage.input > 0, usage.output > 0]).toEqual([tin, true, true]);
		expect((await server.client.session(id)).status).toBe("done");
	});

	test("--attach sends files along, as many as are named, up to what fits", async () => {
		const large = await fileText("x".repeat(2_097_152), "TXT");
		const rest = await fileText("y".repeat(1_048_576), "md");
		const words = ["Which metal?", "--attach", large, "--attach", rest, "--team", await fileOf(agreeing)];
		const { code, stdout } = await ask(words, { environment: at() });
		expect([code, stdout]).toEqual([0, "Gold.\nIt lasts.\n"]);
		const [latest] = (await server.client.sessions({ limit: 1 })).sessions;
		const { turns } = await server.client.session(latest?.id ?? "");
		expect(turns[0]?.attachments).toEqual([
			{ file: "f1", name: basename(large), media_type: "text/plain", bytes: 2_097_152 },
			{ file: "f2", name: basename(rest), media_type: "text/markdown", bytes: 1_048_576 },
		]);
	});

	test("Ctrl-C cancels the session on the server", async () => {
		const cast: Cast = { a: () => [{ text: "Well" }, { hang: true }] };
		const { code, stdout } = await ask(["Which metal?", "--team", await fileOf(cast)], {
			environment: at(),
			interrupt: /a thinks/,
		});
		expect(stdout).toBe("");
		const [latest] = (await server.client.sessions({ limit: 1 })).sessions;
		expect([code === 0, latest?.status]).toEqual([false, "cancelled"]);
	});
});

describe("what cannot be asked", () => {
	test.each<[string, readonly string[], RegExp]>([
		["no question", [], /^usage: /],
		["an empty question", ["  "], /^usage: /],
		["two questions", ["one", "two"], /^usage: /],
		["a flag that does not exist", ["Which?", "--tema", "demo"], /^usage: /],
		[
			"a file that does not exist",
			["Which?", "--team", "no/such.yaml"],
			/^--team: no\/such\.yaml cannot be read: /,
		],
		[
			"an example that does not exist",
			["Which?", "--team", "@examples/none"],
			/^--team: \S+none\.yaml cannot be read: /,
		],
		["an attachment without a file", ["Which?", "--attach"], /^usage: /],
		[
			"an attachment that does not exist",
			["Which?", "--attach", "no/such.png"],
			/^--attach: no\/such\.png cannot be read: ENOENT[^\n]*\n$/,
		],
		[
			"an attachment of an unknown kind, the second of two",
			["Which?", "--attach", "package.json", "--attach", "wrangler.toml"],
			/^--attach: wrangler\.toml must end in one of \.png, \.jpg, [^\n]*\.json\.\n$/,
		],
		[
			"nine attachments",
			["Which?", ...Array.from({ length: 9 }, () => ["--attach", "README.md"]).flat()],
			/^--attach: at most 8 files can be attached\.\n$/,
		],
	])("%s is bad usage: exit 64, before any server is needed", async (_, words, stderr) => {
		expect(await ask(words, { environment: { MASSGEN_URL: "http://127.0.0.1:9", MASSGEN_KEY: "k" } })).toEqual({
			code: 64,
			stdout: "",
			stderr: expect.stringMatching(stderr),
		});
	});

	test.each<[string, readonly number[], RegExp]>([
		["one attachment one byte too large", [2_097_153], /has 2097153 bytes; at most 2097152 can be attached\.\n$/],
		[
			"attachments one byte too large together",
			[2_097_152, 1_048_577],
			/^--attach: the files have 3145729 bytes together; at most 3145728 can be attached\.\n$/,
		],
	])("%s is bad usage: exit 64, before any server is needed", async (_, sizes, stderr) => {
		const paths = await Promise.all(sizes.map(async (size) => fileText("x".repeat(size), "txt")));
		const words = ["Which?", ...paths.flatMap((path) => ["--attach", path])];
		const environment = { MASSGEN_URL: "http://127.0.0.1:9", MASSGEN_KEY: "k" };
		expect(await ask(words, { environment })).toEqual({
			code: 64,
			stdout: "",
			stderr: expect.stringMatching(stderr),
		});
	});

	test.each<[string, () => Promise<string>, RegExp]>([
		[
			"words that call themselves a picture",
			async () => fileText("hello", "png"),
			/^ {2}attachments\.0\.data: is not image\/png/m,
		],
		[
			"text that is no text",
			async () => fileText("\u00FF", "txt", "latin1"),
			/^ {2}attachments\.0\.data: is not text\/plain/m,
		],
	])("%s is bad usage, and the server says why", async (_, attachment, stderr) => {
		const words = ["Which?", "--team", await fileOf(agreeing), "--attach", await attachment()];
		expect(await ask(words, { environment: at() })).toEqual({
			code: 64,
			stdout: "",
			stderr: expect.stringMatching(stderr),
		});
	});

	test.each<[string, () => Promise<string>, RegExp]>([
		["a team that does not exist", async () => "nobody", /nobody/],
		[
			"a team with a fault",
			async () => fileText(`agents: [{ id: A, backend: demo, model: demo-rewriting }]`),
			/^ {2}team\.agents\.0\.id: must match /m,
		],
		["a file that is no team", async () => fileText("just words"), /does not hold a team/],
		[
			"a file without an ending that is no team",
			async () => "team-file",
			/^--team: team-file does not hold a team/,
		],
		[
			"a file that contains itself",
			async () => fileText("agents: &agents [*agents]"),
			/^--team: \S+ cannot be read: Converting circular structure to JSON[^\n]*\n$/,
		],
		[
			"a file that is no YAML",
			async () => fileText("agents: ["),
			/^--team: \S+ cannot be read: Flow sequence[^\n]*\n$/,
		],
		["a folder's name, which is no file's", async () => "src", /^(?!--team)[^\n]*src/],
	])("%s is bad usage, and the server says why", async (_, team, stderr) => {
		await writeFile(join(inject("checkout"), "team-file"), "just words");
		expect(await ask(["Which?", "--team", await team()], { environment: at() })).toEqual({
			code: 64,
			stdout: "",
			stderr: expect.stringMatching(stderr),
		});
	});

	test.each<[string, () => Record<string, string>, RegExp]>([
		["a wrong key", () => ({ MASSGEN_URL: server.url, MASSGEN_KEY: "wrong" }), /key/],
		[
			"a server that is not there",
			() => ({ MASSGEN_URL: "http://127.0.0.1:9", MASSGEN_KEY: "k" }),
			/^http:\/\/127\.0\.0\.1:9 cannot be reached/,
		],
	])("%s: exit 3, in one line", async (_, environment, stderr) => {
		const said = await ask(["Which?", "--team", "demo"], { environment: environment() });
		expect(said).toEqual({ code: 3, stdout: "", stderr: expect.stringMatching(stderr) });
		expect(said.stderr.trimEnd().split("\n").length).toBe(1);
	});
});

async function fileText(text: string, ending = "yaml", encoding: BufferEncoding = "utf8"): Promise<string> {
	const path = join(folder, `${Math.random().toString(36).slice(2)}.${ending}`);
	await writeFile(path, text, encoding);
	return path;
}
