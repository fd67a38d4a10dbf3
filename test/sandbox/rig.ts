import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { allDefences, type Defence } from "../../src/sandbox/runner/defences.ts";
import { inspectHost } from "../../src/sandbox/runner/preflight.ts";
import { realWorld, startRunner, type Runner } from "../../src/sandbox/runner/server.ts";
import type { RunnerSettings } from "../../src/sandbox/runner/settings.ts";
import type { World } from "../../src/sandbox/runner/egress.ts";
import { runnerSandbox } from "../../src/sandbox/runner.ts";
import { commandKey, sandboxKey, type Command, type Sandbox, type SandboxSpec } from "../../src/sandbox/sandbox.ts";

/** A real runner on loopback, with real namespaces, and its client. */
export type Rig = {
	readonly url: string;
	readonly token: string;
	readonly stateDir: string;
	readonly sandbox: Sandbox;
	/** Ends the runner and starts another one on the same state. */
	readonly restart: (token?: string) => Promise<void>;
	readonly close: () => Promise<void>;
};

export type RigOptions = {
	/** Defences to be taken away. */
	readonly without?: readonly Defence[];
	readonly settings?: Partial<RunnerSettings>;
	readonly world?: World;
	readonly requestTimeoutMs?: number;
	/** Where no groups are found, the limits of processes have to do. */
	readonly cgroupRoot?: string;
};

const mebibyte = 1_048_576;
export const token = "a-token-that-only-tests-know";
/** Far from the users of any machine, and only where the tests are root. */
export const firstUid = process.getuid?.() === 0 ? 1_879_048_192 : null;

export const spec: SandboxSpec = {
	limits: {
		idleMs: 600_000,
		memoryBytesMax: 128 * mebibyte,
		processesMax: 32,
		cpuPercentMax: 100,
		diskBytesMax: 16 * mebibyte,
		fileBytesMax: 4 * mebibyte,
		egressBytesMax: mebibyte,
	},
	egress: [],
};

/** What the host of a rig allows. */
export const limitsMax = {
	...spec.limits,
	memoryBytesMax: 512 * mebibyte,
	idleMs: 86_400_000,
	processesMax: 256,
};

/** A command of the shell, with limits that no test means to meet. */
export function shell(script: string, changes: Partial<Command> = {}): Command {
	const limits = { timeoutMs: 10_000, outputBytesMax: 65_536 };
	return { argv: ["/bin/sh", "-c", script], cwd: "", env: {}, stdin: "", ...limits, ...changes };
}

/** Keys that are good. */
export const key = (text: string) => sandboxKey(text)!;
export const at = (sandbox: string, command: string) => ({ sandbox: key(sandbox), command: commandKey(command)! });

/** Why no runner can be tried on this machine; null where one can. */
export async function whyNoRunner(): Promise<string | null> {
	const stateDir = newStateDir();
	const host = await inspectHost(settingsIn(stateDir, {}), process.env);
	rmSync(stateDir, { recursive: true, force: true });
	return "fault" in host ? host.fault : null;
}

/** Starts a runner of its own state. */
export async function startRig(options: RigOptions = {}): Promise<Rig> {
	const stateDir = newStateDir();
	let settings = settingsIn(stateDir, options.settings ?? {});
	let runner = await startOn(settings, options);
	const access = () => ({ url: runner.url, token: settings.token, fetch, timeoutMs: 10_000 });
	let client = runnerSandbox(access());
	return {
		get url() {
			return runner.url;
		},
		token,
		stateDir,
		get sandbox() {
			return client;
		},
		restart: async (fresh = token) => {
			await runner.close();
			settings = { ...settings, token: fresh };
			runner = await startOn(settings, options);
			client = runnerSandbox(access());
		},
		close: async () => {
			await runner.close();
			rmSync(stateDir, { recursive: true, force: true });
		},
	};
}

async function startOn(settings: RunnerSettings, options: RigOptions): Promise<Runner> {
	const host = await inspectHost(settings, process.env);
	if ("fault" in host) throw new Error(host.fault);
	const without = new Set(options.without ?? []);
	return startRunner({
		settings,
		host,
		defences: new Set([...allDefences].filter((defence) => !without.has(defence))),
		world: options.world ?? realWorld,
		requestTimeoutMs: options.requestTimeoutMs ?? 10_000,
		cgroupRoot: options.cgroupRoot ?? "/sys/fs/cgroup",
	});
}

function settingsIn(stateDir: string, changes: Partial<RunnerSettings>): RunnerSettings {
	return {
		host: "127.0.0.1",
		port: 0,
		token,
		stateDir,
		sandboxesMax: 4,
		limitsMax,
		egress: [],
		firstUid,
		...changes,
	};
}

function newStateDir(): string {
	return mkdtempSync(join(tmpdir(), "sandbox-"));
}
