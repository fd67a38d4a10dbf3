import { spawn } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { npmStart } from "../support/npm-start.ts";

let stateDir: string;
beforeAll(async () => void (stateDir = await mkdtemp(join(tmpdir(), "massgen-start-"))));
afterAll(() => rm(stateDir, { recursive: true, force: true }));

test("one line says where it answers and with which key; the page needs none, the API does", async () => {
	const started = await npmStart({ MASSGEN_STATE: stateDir, ADMIN_KEY: "my-own-key" });
	const { url, key, ready } = started;
	const status = async (path: string, headers: Record<string, string> = {}) =>
		(await fetch(url + path, { headers })).status;
	const authorization = `Bearer ${key}`;
	const answers = [
		await status("/"),
		await status("/healthz"),
		await status("/v1/teams"),
		await status("/v1/teams", { authorization }),
	];
	await started.stop();
	expect([ready, answers]).toEqual([`ready ${url}/#key=my-own-key`, [200, 200, 401, 200]]);
});

test.each(["abc", "-1", "65536", "80.5"])("PORT=%s is bad usage: exit 64, in one line", async (port) => {
	expect(await startedWith({ PORT: port, MASSGEN_STATE: stateDir })).toEqual({
		code: 64,
		stdout: "",
		stderr: `PORT must be a whole number from 0 to 65535, not "${port}".\n`,
	});
});

test.each<[string, string]>([
	["a space", "my key"],
	["a letter beyond ASCII", "schlüssel"],
	["a line break", "my\nkey"],
	["a control character", "key\u007f"],
])("an ADMIN_KEY with %s is bad usage: exit 64, in one line", async (_, key) => {
	expect(await startedWith({ ADMIN_KEY: key, MASSGEN_STATE: stateDir })).toEqual({
		code: 64,
		stdout: "",
		stderr: "ADMIN_KEY must be printable ASCII without spaces.\n",
	});
});

test.each<[string, () => Promise<string>]>([
	["is a file", async () => fileIn("a-file")],
	["would stand in a file", async () => join(await fileIn("another-file"), "state")],
])("a state folder that %s: exit 1, in one line that names it", async (_, made) => {
	const folder = await made();
	const { code, stdout, stderr } = await startedWith({ MASSGEN_STATE: folder });
	expect({ code, stdout, stderr }).toEqual({
		code: 1,
		stdout: "",
		stderr: expect.stringMatching(/^The state folder \S+file\S* cannot be made or written: [^\n]+\n$/),
	});
	expect(stderr.split(" ")[3]).toBe(folder);
});

test("what the runtime refuses is said in one line: exit 1", async () => {
	const stderr = expect.stringMatching(/^[^\n]+\n$/);
	const environment = { MASSGEN_STATE: stateDir, PORT: "0", MINIFLARE_WORKERD_PATH: "/no/such/runtime" };
	expect(await startedWith(environment)).toEqual({ code: 1, stdout: "", stderr });
});

test("a second server on the same state is refused; the first one goes on, and leaves nothing behind", async () => {
	const folder = join(stateDir, "locked");
	const first = await npmStart({ MASSGEN_STATE: folder });
	const pid = (await readFile(join(folder, "pid"), "utf8")).trim();
	const refused = await startedWith({ MASSGEN_STATE: folder, PORT: "0" });
	const { status } = await fetch(`${first.url}/healthz`);
	await first.stop();
	const left = (await readdir(folder)).filter((name) => name.startsWith("pid"));
	expect([refused, status, left]).toEqual([
		{ code: 1, stdout: "", stderr: `Process ${pid} already serves the state in ${folder}.\n` },
		200,
		[],
	]);
});

test("empty settings mean the defaults", async () => {
	// The default port may be taken on this machine: what is said tells which port was meant.
	const other = createServer();
	const listens = await new Promise<boolean>((resolve) => {
		other.once("error", () => resolve(false)).listen(8787, "127.0.0.1", () => resolve(true));
	});
	const said = await startedWith({ PORT: "", MASSGEN_STATE: "" });
	if (listens) other.close();
	expect(said).toEqual({ code: 1, stdout: "", stderr: expect.stringMatching(/^Port 8787 of [^\n]*\n$/) });
	expect((await readdir(inject("checkout"))).filter((name) => name === "pid" || name === ".massgen")).toEqual([
		".massgen",
	]);
});

test("a port that becomes free within three seconds is waited for", async () => {
	const other = createServer();
	await new Promise<void>((listening) => other.listen(0, "127.0.0.1", listening));
	const { port } = other.address() as AddressInfo;
	setTimeout(() => void other.close(), 1500);
	const started = await npmStart({ PORT: String(port), MASSGEN_STATE: stateDir });
	await started.stop();
	expect(started.url).toBe(`http://127.0.0.1:${port}`);
});

test("a port that somebody else has is said so in one line", async () => {
	const other = createServer();
	await new Promise<void>((listening) => other.listen(0, "127.0.0.1", listening));
	const { port } = other.address() as AddressInfo;
	const { code, stdout, stderr } = await startedWith({ PORT: String(port), MASSGEN_STATE: stateDir });
	other.close();
	expect({ code, stdout, stderr }).toEqual({
		code: 1,
		stdout: "",
		stderr: expect.stringMatching(new RegExp(`^[^\\n]*${port}[^\\n]*\\n$`)),
	});
});

async function fileIn(name: string): Promise<string> {
	const path = join(stateDir, name);
	await writeFile(path, "");
	return path;
}

async function startedWith(
	environment: Readonly<Record<string, string>>,
): Promise<{ code: number | null; stdout: string; stderr: string }> {
	const child = spawn("node", ["src/cli/start.ts"], {
		cwd: inject("checkout"),
		env: { ...process.env, ...environment },
	});
	const said = { stdout: "", stderr: "" };
	child.stdout.on("data", (piece: Buffer) => void (said.stdout += piece.toString()));
	child.stderr.on("data", (piece: Buffer) => void (said.stderr += piece.toString()));
	const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
	return { code, ...said };
}
