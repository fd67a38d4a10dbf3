import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { runnerSandbox } from "../../src/sandbox/runner.ts";
import { finished, valueOf } from "./conformance.ts";
import { at, firstUid, key, shell, spec, token, whyNoRunner } from "./rig.ts";

const missing = await whyNoRunner();
if (missing !== null) console.warn(`NO CRASH OF THE SANDBOX RUNNER WAS TRIED: ${missing}`);

const signal = new AbortController().signal;
const program = resolve("src/sandbox/runner/start.ts");

describe.skipIf(missing !== null)("a runner", { timeout: 30_000 }, () => {
	let stateDir: string;
	let runner: Started;
	beforeEach(async () => {
		stateDir = mkdtempSync(join(tmpdir(), "sandbox-"));
		runner = await started(stateDir);
	});
	afterEach(async () => {
		// Only who is told to stop leaves no groups behind.
		await ended(runner, "SIGTERM");
		rmSync(stateDir, { recursive: true, force: true });
	});

	test("that was killed says which commands it interrupted, keeps what they wrote, and runs none again", async () => {
		const box = runner.sandbox;
		const first = valueOf(await box.create(key("k"), spec, signal));
		// A name that no other process of this machine has.
		const seconds = `3${process.pid}.5`;
		const command = shell(`echo begun; echo ran >>ran; setsid sleep ${seconds} & sleep ${seconds}`);
		valueOf(await box.start(at("k", "c"), command, signal));
		valueOf(await box.start(at("k", "before"), shell("echo whole"), signal));
		await finished(box, at("k", "before"));
		await wait(1200);
		expect(sleeping(seconds)).toBe(2);
		await ended(runner, "SIGKILL");
		await wait(500);
		expect(sleeping(seconds)).toBe(0);

		runner = await started(stateDir);
		const again = runner.sandbox;
		expect(valueOf(await again.create(key("k"), spec, signal))).toEqual({
			incarnation: first.incarnation,
			created: false,
		});
		expect(valueOf(await again.start(at("k", "c"), command, signal))).toEqual({ status: "interrupted" });
		const { text, state } = await finished(again, at("k", "c"));
		expect([text, state]).toEqual(["begun\n", { status: "interrupted" }]);
		const before = await finished(again, at("k", "before"));
		expect([before.text, before.state]).toEqual(["whole\n", { status: "exited", code: 0 }]);
		const ran = valueOf(await again.get({ sandbox: key("k"), path: "ran" }, 100, signal));
		expect(Buffer.from(ran).toString()).toBe("ran\n");
	});

	test("works on its state alone while it lives", async () => {
		const second = spawn(process.execPath, [program], {
			stdio: ["ignore", "ignore", "pipe"],
			env: environmentOf(stateDir),
		});
		const [line] = (await once(second.stderr, "data")) as [Buffer];
		await once(second, "exit");
		expect([line.toString(), second.exitCode]).toEqual([`Another runner works on the state in ${stateDir}.\n`, 1]);
	});

	test("that is told to stop ends its commands and keeps the files", async () => {
		const box = runner.sandbox;
		valueOf(await box.create(key("k"), spec, signal));
		valueOf(await box.start(at("k", "c"), shell("echo begun; sleep 60"), signal));
		valueOf(await box.put({ sandbox: key("k"), path: "kept" }, new Uint8Array([7]), signal));
		expect(await ended(runner, "SIGTERM")).toBe(0);
		runner = await started(stateDir);
		const { state } = await finished(runner.sandbox, at("k", "c"));
		const kept = valueOf(await runner.sandbox.get({ sandbox: key("k"), path: "kept" }, 10, signal));
		expect([state, [...kept]]).toEqual([{ status: "interrupted" }, [7]]);
	});
});

type Started = { readonly child: ChildProcess; readonly sandbox: ReturnType<typeof runnerSandbox> };

/** The program itself, as `npm run sandbox` runs it. */
async function started(stateDir: string): Promise<Started> {
	const child = spawn(process.execPath, [program], {
		stdio: ["ignore", "pipe", "inherit"],
		env: environmentOf(stateDir),
	});
	const [line] = (await once(child.stdout, "data")) as [Buffer];
	const url = /^ready (http:\/\/127\.0\.0\.1:\d+)\n$/.exec(line.toString())?.[1] ?? "";
	return { child, sandbox: runnerSandbox({ url, token, fetch, timeoutMs: 10_000 }) };
}

function environmentOf(stateDir: string) {
	const uid = firstUid === null ? {} : { SANDBOX_FIRST_UID: String(firstUid) };
	return { PATH: process.env["PATH"], PORT: "0", SANDBOX_TOKEN: token, SANDBOX_STATE: stateDir, ...uid };
}

async function ended({ child }: Started, how: NodeJS.Signals): Promise<number | null> {
	if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
	child.kill(how);
	await once(child, "exit");
	return child.exitCode;
}

/** How many processes of this machine sleep for just so long. */
function sleeping(seconds: string): number {
	return readdirSync("/proc").filter((pid) => commandLine(pid) === `sleep\0${seconds}\0`).length;
}

function commandLine(pid: string): string {
	try {
		return /^\d+$/.test(pid) ? readFileSync(`/proc/${pid}/cmdline`, "utf8") : "";
	} catch {
		return "";
	}
}
