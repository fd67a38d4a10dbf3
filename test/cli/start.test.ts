import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
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
