import {
	closeSync,
	fsyncSync,
	mkdirSync,
	openSync,
	readdirSync,
	readFileSync,
	renameSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import type { CommandKey, CommandState, SandboxKey, SandboxSpec } from "../sandbox.ts";
import type { SavedRing } from "./ring.ts";

/** What the runner has on disk of a sandbox, beside its workspace. Only we write it, so a reader may trust its shape. */
export type SavedSandbox = {
	readonly key: SandboxKey;
	readonly incarnation: string;
	readonly spec: SandboxSpec;
	/** Which of the runner's users it has; also where the runner has only one. */
	readonly slot: number;
	readonly usedAtMs: number;
};

export type SavedCommand = {
	readonly key: CommandKey;
	/** Of the request, to tell a repetition from another command. */
	readonly digest: string;
	readonly outputBytesMax: number;
	readonly state: CommandState;
	/** Who to look for after a crash of ours; null until it runs. */
	readonly process: ProcessName | null;
};

/** A process id is used again; together with when it started it is not. */
export type ProcessName = { readonly pid: number; readonly startTicks: string };

/** The folders of one sandbox. Short names: a socket's path has no more than 107 bytes. */
export function foldersOf(stateDir: string, id: string) {
	const root = join(stateDir, "s", id);
	return { root, workspace: join(root, "w"), commands: join(root, "c"), egressSocket: join(root, "e") } as const;
}

/** Everything that was there when the runner ended, however it ended. */
export function readSandboxes(stateDir: string): readonly { readonly id: string; readonly saved: SavedSandbox }[] {
	const parent = join(stateDir, "s");
	mkdirSync(parent, { recursive: true, mode: 0o711 });
	return readdirSync(parent).flatMap((id) => {
		const saved = readJson(join(parent, id, "sandbox.json")) as SavedSandbox | null;
		return saved === null ? [] : [{ id, saved }];
	});
}

/** All commands that were ever started in it. */
export function readCommands(folder: string): readonly SavedCommand[] {
	return readdirSync(folder).flatMap((name) => {
		if (!name.endsWith(".command")) return [];
		const saved = readJson(join(folder, name)) as SavedCommand | null;
		return saved === null ? [] : [saved];
	});
}

/** What is kept of its output. */
export function readOutput(folder: string, name: string): SavedRing | null {
	return readJson(join(folder, `${name}.output`)) as SavedRing | null;
}

/** On disk when it returns. */
export function writeSandbox(root: string, saved: SavedSandbox): void {
	writeJson(join(root, "sandbox.json"), saved, "synced");
}

/** On disk when it returns: before the command runs, so that it never runs twice. */
export function writeCommand(folder: string, name: string, saved: SavedCommand): void {
	writeJson(join(folder, `${name}.command`), saved, "synced");
}

/** Whole or not at all; what a power cut loses is output, not the fact that the command ran. */
export function writeOutput(folder: string, name: string, ring: SavedRing): void {
	writeJson(join(folder, `${name}.output`), ring, "unsynced");
}

/**
 * Says that this process works on this state, until it is released; null where another one does: it would call that one's
 * commands interrupted, and run them again.
 */
export function holdState(stateDir: string): (() => void) | null {
	const path = join(stateDir, "runner.json");
	const holder = readJson(path) as ProcessName | null;
	const alive = holder !== null && processName(holder.pid)?.startTicks === holder.startTicks;
	if (alive) return null;
	writeJson(path, processName(process.pid) ?? {}, "unsynced");
	return () => rmSync(path, { force: true });
}

/** Of a process that runs now; null where there is none. */
export function processName(pid: number): ProcessName | null {
	try {
		// The name of the program, in brackets, may have anything in it.
		const fields = readFileSync(`/proc/${pid}/stat`, "utf8").replace(/^.*\)/s, "").trim().split(" ");
		return { pid, startTicks: fields[startTimeField] ?? "" };
	} catch {
		return null;
	}
}

/** proc_pid_stat(5) counts it as the 22nd; the first two are cut off. */
const startTimeField = 19;

function readJson(path: string): unknown {
	try {
		return JSON.parse(readFileSync(path, "utf8"));
	} catch (error) {
		if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
		throw new Error(`${path} cannot be read`, { cause: error });
	}
}

function writeJson(path: string, value: object, durability: "synced" | "unsynced"): void {
	const draft = `${path}.new`;
	const file = openSync(draft, "w", 0o600);
	try {
		writeFileSync(file, JSON.stringify(value));
		if (durability === "synced") fsyncSync(file);
	} finally {
		closeSync(file);
	}
	renameSync(draft, path);
	if (durability === "synced") syncFolder(dirname(path));
}

/** A name is as lasting as its folder. */
function syncFolder(path: string): void {
	const folder = openSync(path, "r");
	try {
		fsyncSync(folder);
	} finally {
		closeSync(folder);
	}
}
