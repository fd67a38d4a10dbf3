import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { inspectHost } from "../../src/sandbox/runner/preflight.ts";
import { readRunnerSettings, type RunnerSettings } from "../../src/sandbox/runner/settings.ts";

/** A runner that cannot confine does not start: each fault says what to do. Needs neither bubblewrap nor root. */
const isRoot = process.getuid?.() === 0;
let folder: string;
beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), "host-"));
	for (const name of ["bwrap", "prlimit", "setpriv"]) symlinkSync("/bin/false", join(folder, name));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function settings(changes: Partial<RunnerSettings>): RunnerSettings {
	const read = readRunnerSettings({
		SANDBOX_STATE: join(folder, "state"),
		...(isRoot && { SANDBOX_FIRST_UID: "1879048192" }),
	});
	if ("fault" in read) throw new Error(read.fault);
	return { ...read, ...changes };
}

test("without bubblewrap", async () => {
	expect(await inspectHost(settings({}), {}, "/nowhere")).toEqual({
		fault: "bubblewrap is not installed: `apt-get install bubblewrap`, `dnf install bubblewrap` or `apk add bubblewrap`.",
	});
});

test("without the programs that limit and change users", async () => {
	const only = mkdtempSync(join(tmpdir(), "host-"));
	symlinkSync("/bin/false", join(only, "bwrap"));
	const found = await inspectHost(settings({}), {}, only);
	rmSync(only, { recursive: true });
	expect(found).toEqual({ fault: "prlimit and setpriv is missing: `apt-get install util-linux`." });
});

test.runIf(isRoot)("as root without users for the sandboxes", async () => {
	expect(await inspectHost(settings({ firstUid: null }), {}, folder)).toEqual({
		fault: "As root, sandboxes need users of their own: SANDBOX_FIRST_UID=200000 gives them 16 from there on, which nobody else may use. Or start the runner as another user.",
	});
});

test.runIf(isRoot)("as root with a user for a sandbox that is someone else's", async () => {
	expect(await inspectHost(settings({ firstUid: 65_530 }), {}, folder)).toEqual({
		fault: "SANDBOX_FIRST_UID=65530: the user nobody is among the 16 from there on, and would share what its sandbox has.",
	});
});

test.skipIf(isRoot)("with users for the sandboxes, but not as root", async () => {
	expect(await inspectHost(settings({ firstUid: 200_000 }), {}, folder)).toEqual({
		fault: "SANDBOX_FIRST_UID is for a runner that is root: nobody else can start a process as another user.",
	});
});

test("with a state directory whose sockets would have no name", async () => {
	const stateDir = join(folder, "x".repeat(71 - folder.length));
	expect(await inspectHost(settings({ stateDir }), {}, folder)).toEqual({
		fault: "SANDBOX_STATE is too long a path for the sockets in it: at most 70 characters.",
	});
});

test("where a trial of the very chain fails", async () => {
	const found = await inspectHost(settings({}), {}, folder);
	expect("fault" in found ? found.fault.split(":")[0] : "it started").toBe("Nothing can be confined on this host");
});
