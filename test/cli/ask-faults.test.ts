import { spawn } from "node:child_process";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { ask } from "../support/ask.ts";

/** Whatever goes wrong ends with one line that says what, and exit 3; bad usage is 64. */

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), "massgen-ask-faults-"))));
afterAll(() => rm(folder, { recursive: true, force: true }));

test.each<[string, Record<string, string>, string]>([
	["a URL without a key", { MASSGEN_URL: "http://127.0.0.1:9" }, "MASSGEN_URL is set, but MASSGEN_KEY is not.\n"],
	[
		"a URL with an empty key",
		{ MASSGEN_URL: "http://127.0.0.1:9", MASSGEN_KEY: "" },
		"MASSGEN_URL is set, but MASSGEN_KEY is not.\n",
	],
	["a key without a URL", { MASSGEN_KEY: "k" }, "MASSGEN_KEY is set, but MASSGEN_URL is not.\n"],
])("%s is bad usage: exit 64, naming what is missing", async (_, environment, stderr) => {
	expect(await ask(["Which?", "--team", "demo"], { environment })).toEqual({ code: 64, stdout: "", stderr });
});

test("an ADMIN_KEY that no header could carry is bad usage: exit 64", async () => {
	expect(await ask(["Which?", "--team", "demo"], { environment: { ADMIN_KEY: "my key" } })).toEqual({
		code: 64,
		stdout: "",
		stderr: "ADMIN_KEY must be printable ASCII without spaces.\n",
	});
});

type Answer = (response: ServerResponse) => void;
const created: Answer = (response) =>
	void response.writeHead(202, { "content-type": "application/json" }).end(JSON.stringify({ id: "s1" }));
const page: Answer = (response) => void response.writeHead(202, { "content-type": "text/html" }).end("<p>\nHello\n");
const broken: Answer = (response) => {
	response.writeHead(202, { "content-type": "application/json", "content-length": "100" });
	response.write('{"id":\n', () => response.destroy());
};
const problem =
	(status: number, detail: string): Answer =>
	(response) =>
		void response
			.writeHead(status, { "content-type": "application/problem+json" })
			.end(JSON.stringify({ type: "about:blank", title: "", status, detail }));
const round = { type: "round.started", agent: "a", round: 1, attempt: 1, shown: [], recheck: false };
const frame = `id: 1\nevent: round.started\ndata: ${JSON.stringify({ seq: 1, at: "", ...round })}\n\n`;
const cutAfterOne: Answer = (response) => {
	response.writeHead(200, { "content-type": "text/event-stream" });
	response.write(frame, () => response.destroy());
};

/** A server that answers each request with the next of these, the last one again and again. */
async function answering(answers: readonly Answer[]): Promise<{ readonly url: string; readonly close: () => void }> {
	let next = 0;
	const server = createServer((request, response) => {
		const answer = answers[Math.min(next, answers.length - 1)];
		next += 1;
		request.resume().on("end", () => answer?.(response));
	});
	await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
	const { port } = server.address() as AddressInfo;
	return { url: `http://127.0.0.1:${port}`, close: () => void server.close() };
}

const thinks = "a thinks (round 1, sees no other answer)\n";
test.each<[string, readonly Answer[], RegExp]>([
	["answers with a page", [page], /^[^\n]*not valid JSON\n$/],
	["breaks off its answer", [broken], /^terminated: other side closed\n$/],
	["has a fault that takes several lines", [problem(500, "Something\n  failed.")], /^Something failed\.\n$/],
	[
		"breaks the stream and knows the session no more",
		[created, cutAfterOne, problem(404, "There is no session `s1`.")],
		new RegExp(`^${thinks.replaceAll(/[()]/g, "\\$&")}There is no session \`s1\`\\.\n$`),
	],
])("a server that %s: exit 3, in one line", async (_, answers, stderr) => {
	const server = await answering(answers);
	const environment = { MASSGEN_URL: server.url, MASSGEN_KEY: "k" };
	const said = await ask(["Which?", "--team", "demo"], { environment });
	server.close();
	expect(said).toEqual({ code: 3, stdout: "", stderr: expect.stringMatching(stderr) });
});

test("Ctrl-C that the server does not take is said so", async () => {
	let stream: ServerResponse | null = null;
	const oneAndOn: Answer = (response) => {
		stream = response.writeHead(200, { "content-type": "text/event-stream" });
		response.write(frame);
	};
	const fault: Answer = (response) => {
		problem(500, "Something failed.")(response);
		setTimeout(() => stream?.destroy(), 100);
	};
	const server = await answering([created, oneAndOn, fault, problem(404, "It is gone.")]);
	const environment = { MASSGEN_URL: server.url, MASSGEN_KEY: "k" };
	const said = await ask(["Which?", "--team", "demo"], { environment, interrupt: /a thinks/ });
	server.close();
	expect(said).toEqual({ code: 3, stdout: "", stderr: `${thinks}Something failed.\nIt is gone.\n` });
});

const wrangler = `#!/bin/sh\necho "building"\nprintf '\\n[ERROR] Could not resolve "hono"\\n\\n  at line 1\\n' >&2\nexit 1\n`;
const mute = `export class Session {}
export class Tenant {}
export class Installation {}
export default { fetch: () => new Response("Some\\nfault", { status: 500 }) };
`;
test.each<[string, () => Promise<string>, RegExp]>([
	[
		"a Worker that cannot be built",
		async () => {
			const root = await checkout("unbuildable");
			await mkdir(join(root, "node_modules", ".bin"), { recursive: true });
			await writeFile(join(root, "node_modules", ".bin", "wrangler"), wrangler);
			await chmod(join(root, "node_modules", ".bin", "wrangler"), 0o755);
			return root;
		},
		/^The Worker could not be built: [^\n]*Could not resolve "hono"[^\n]*\n$/,
	],
	["a checkout without its packages", async () => checkout("bare"), /^[^\n]*ENOENT[^\n]*\n$/],
	[
		"a Worker that starts and serves nothing",
		async () => {
			const root = await checkout("mute");
			await mkdir(join(root, "dist", "worker"), { recursive: true });
			await writeFile(join(root, "dist", "worker", "worker.js"), mute);
			return root;
		},
		/^The server answered with status 500\.\n$/,
	],
])("%s: exit 3, in one line", async (_, checkedOut, stderr) => {
	expect(await askedIn(await checkedOut())).toEqual({ code: 3, stdout: "", stderr: expect.stringMatching(stderr) });
});

/** A folder with no more of a checkout in it than a source that could be built. */
async function checkout(name: string): Promise<string> {
	const root = join(folder, name);
	await mkdir(root);
	await writeFile(join(root, "wrangler.toml"), 'compatibility_date = "2026-01-01"\n');
	return root;
}

/** What `ask` says in another folder than its own; it must not find a model server there. */
async function askedIn(cwd: string): Promise<{ code: number | null; stdout: string; stderr: string }> {
	const nowhere = ["OLLAMA", "VLLM", "SGLANG", "LLAMACPP", "LMSTUDIO"].map((name) => [
		`${name}_BASE_URL`,
		"http://127.0.0.1:9/v1",
	]);
	const child = spawn("node", [join(inject("checkout"), "src", "cli", "ask.ts"), "Which?", "--team", "demo"], {
		cwd,
		env: { ...process.env, ...Object.fromEntries(nowhere) },
		stdio: ["ignore", "pipe", "pipe"],
	});
	const said = { stdout: "", stderr: "" };
	child.stdout.on("data", (piece: Buffer) => void (said.stdout += piece.toString()));
	child.stderr.on("data", (piece: Buffer) => void (said.stderr += piece.toString()));
	const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
	return { code, ...said };
}
