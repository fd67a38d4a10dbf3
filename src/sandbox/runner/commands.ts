import { createHash } from "node:crypto";
import { bounds, type Page, type StartCommand } from "../protocol.ts";
import {
	failing,
	pathFault,
	succeeded,
	type CommandKey,
	type CommandState,
	type Cursor,
	type Outcome,
} from "../sandbox.ts";
import type { Box, Ground, Task } from "./box.ts";
import { confine } from "./confine.ts";
import { append, emptyRing, readRing, restoredRing, savedRing, type Ring } from "./ring.ts";
import { run, type Ending } from "./running.ts";
import { processName, readCommands, readOutput, writeCommand, writeOutput, type SavedCommand } from "./store.ts";

const commandsMax = 512;
const runningMax = 8;
const waitingMax = 16;
/** How much of its output a crash of the runner may cost. */
const saveEveryMs = 500;

/**
 * Starts a command, once: the record is on disk before anything runs, so whoever asks again, after whatever crash, is told
 * what became of the first time.
 */
export function startCommand(box: Box, key: CommandKey, command: StartCommand, ground: Ground): Outcome<CommandState> {
	const digest = createHash("sha256")
		.update(JSON.stringify(sorted(command)))
		.digest("hex");
	const known = box.tasks.get(key);
	if (known !== undefined) {
		if (known.saved.digest === digest) return succeeded(known.saved.state);
		return failing({ code: "conflict", message: "Another command was started under this key." });
	}
	const fault = ground.defences.has("paths") ? pathFault(command.cwd) : null;
	if (fault !== null) return failing({ code: "refused", message: `cwd: ${fault}` });
	const tasks = [...box.tasks.values()];
	if (tasks.length >= commandsMax)
		return failing({ code: "full", message: `A sandbox runs at most ${commandsMax} commands in its life.` });
	if (tasks.filter(({ running }) => running !== null).length >= runningMax)
		return failing({ code: "full", message: `At most ${runningMax} commands run in a sandbox at once.` });
	const saved: SavedCommand = {
		key,
		digest,
		outputBytesMax: command.outputBytesMax,
		state: { status: "running" },
		process: null,
	};
	writeCommand(box.folders.commands, fileOf(key), saved);
	const task: Task = { saved, running: null, waiting: new Set() };
	box.tasks.set(key, task);
	launch(box, task, command, ground);
	return succeeded(task.saved.state);
}

/** What it wrote from a byte on. Waits, not longer than asked, while there is nothing. */
export async function readCommand(box: Box, key: CommandKey, { fromByte, waitMs }: Cursor): Promise<Outcome<Page>> {
	const task = box.tasks.get(key);
	if (task === undefined) return noSuchCommand;
	const nothingYet = () => task.running !== null && task.running.ring.endByte <= fromByte;
	if (nothingYet() && waitMs > 0) {
		if (task.waiting.size >= waitingMax)
			return failing({ code: "full", message: `At most ${waitingMax} wait for one command.` });
		await somethingNew(task, Math.min(waitMs, bounds.waitMsMax));
	}
	const ring = ringOf(box, task);
	const { pieces, nextByte } = readRing(ring, fromByte, bounds.pageBytesMax);
	const wire = pieces.map((piece) => {
		if (piece.type === "dropped") return piece;
		const { bytes, ...rest } = piece;
		return { ...rest, base64: bytes.toString("base64") };
	});
	return succeeded({ pieces: wire, nextByte, endByte: ring.endByte, state: task.saved.state });
}

/** Ends it, and says how it ended. */
export async function killCommand(box: Box, key: CommandKey): Promise<Outcome<CommandState>> {
	const task = box.tasks.get(key);
	if (task === undefined) return noSuchCommand;
	await endTask(task, { status: "killed" });
	return succeeded(task.saved.state);
}

/** Ends every command of a sandbox. */
export async function endAll(box: Box, reason: Ending): Promise<void> {
	for (const guest of box.guests) guest.end(reason);
	await Promise.all([
		...[...box.tasks.values()].map((task) => endTask(task, reason)),
		...[...box.guests].map((guest) => guest.ended),
	]);
}

/**
 * What a runner before us has left. Its commands died with it (`--die-with-parent`); one that the crash caught before that
 * was set is ended now, with its group. None is taken up again: its output went to a pipe that nobody holds any more.
 */
export function recovered(folder: string): Map<string, Task> {
	const tasks = readCommands(folder).map((saved): readonly [string, Task] => {
		const task: Task = { saved, running: null, waiting: new Set() };
		if (saved.state.status !== "running") return [saved.key, task];
		if (saved.process !== null) endLeftover(saved.process);
		settle(folder, task, { status: "interrupted" });
		return [saved.key, task];
	});
	return new Map(tasks);
}

const noSuchCommand = failing({ code: "gone", message: "No command was started under this key." });

function launch(box: Box, task: Task, command: StartCommand, ground: Ground): void {
	const { folders, group, uid, saved } = box;
	const { defences } = ground;
	const file = fileOf(task.saved.key);
	const confined = {
		workspace: folders.workspace,
		uid,
		limits: saved.spec.limits,
		joins: group.joins,
		egressSocket: box.egress === null ? null : folders.egressSocket,
		...command,
	};
	let dirty = false;
	const ring = emptyRing(defences.has("output_limit") ? command.outputBytesMax : Number.MAX_SAFE_INTEGER);
	const running = run(confine(confined, ground.host, defences), {
		stdin: new TextEncoder().encode(command.stdin),
		timeoutMs: defences.has("time_limit") ? command.timeoutMs : null,
		group,
		kills: defences.has("group_kill") ? "group" : "alone",
		take: (stream, bytes) => {
			append(ring, stream, bytes);
			dirty = true;
			wake(task);
		},
	});
	task.running = { ...running, ring };
	const saving = setInterval(() => {
		if (dirty) attempt(() => writeOutput(folders.commands, file, savedRing(ring)));
		dirty = false;
	}, saveEveryMs);
	task.saved = { ...task.saved, process: running.pid === null ? null : processName(running.pid) };
	attempt(() => writeCommand(folders.commands, file, task.saved));
	void running.ended.then((ending) => {
		clearInterval(saving);
		attempt(() => writeOutput(folders.commands, file, savedRing(ring)));
		settle(folders.commands, task, ending);
		task.running = null;
		wake(task);
	});
}

function settle(folder: string, task: Task, ending: Ending): void {
	task.saved = { ...task.saved, state: ending, process: null };
	attempt(() => writeCommand(folder, fileOf(task.saved.key), task.saved));
}

/**
 * Where the disk takes no more, what is known stays in memory, and the next start of the runner calls the command
 * interrupted. It does not run a second time either way.
 */
function attempt(write: () => void): void {
	try {
		write();
	} catch (error) {
		console.error(`not written: ${error instanceof Error ? error.message : String(error)}`);
	}
}

async function endTask(task: Task, reason: Ending): Promise<void> {
	const { running } = task;
	if (running === null) return;
	running.end(reason);
	await running.ended;
}

function endLeftover({ pid, startTicks }: NonNullable<SavedCommand["process"]>): void {
	if (processName(pid)?.startTicks === startTicks) process.kill(-pid, "SIGKILL");
}

function wake(task: Task): void {
	for (const waiter of task.waiting) waiter();
}

function somethingNew(task: Task, waitMs: number): Promise<void> {
	return new Promise((resolve) => {
		const done = () => {
			clearTimeout(timer);
			task.waiting.delete(done);
			resolve();
		};
		const timer = setTimeout(done, waitMs);
		task.waiting.add(done);
	});
}

/** In memory while it runs, afterwards on disk. */
function ringOf(box: Box, { running, saved }: Task): Ring {
	if (running !== null) return running.ring;
	const kept = readOutput(box.folders.commands, fileOf(saved.key));
	return kept === null ? emptyRing(saved.outputBytesMax) : restoredRing(kept);
}

/** No key is a file name. */
function fileOf(key: CommandKey): string {
	return createHash("sha256").update(key).digest("hex").slice(0, 32);
}

/** The same request is the same however its client orders fields. */
function sorted(command: StartCommand): unknown {
	const { argv, cwd, env, stdin, timeoutMs, outputBytesMax } = command;
	const variables = Object.entries(env).toSorted(([a], [b]) => (a < b ? -1 : 1));
	return [argv, cwd, variables, stdin, timeoutMs, outputBytesMax];
}
