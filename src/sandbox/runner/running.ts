import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import type { CommandState } from "../sandbox.ts";
import { descriptors, type Launch } from "./confine.ts";
import type { Group } from "./groups.ts";

export type Ending = Exclude<CommandState, { status: "running" }>;

/** A command with all that it started. */
export type Running = {
	readonly pid: number | null;
	/** Settles when it is over and its output is complete. */
	readonly ended: Promise<Ending>;
	/** Ends it; what it says of itself after that is this. The first reason counts. */
	readonly end: (reason: Ending) => void;
};

export type RunOptions = {
	readonly stdin: Uint8Array;
	/** Null: until it ends by itself. */
	readonly timeoutMs: number | null;
	readonly group: Group;
	/** Gets what it writes, as it comes. */
	readonly take: (stream: "stdout" | "stderr", bytes: Buffer) => void;
	/** `alone`: only the process that we started, which tests use to see what is left then. */
	readonly kills: "group" | "alone";
};

/** After the end of a command whatever still holds its output is not waited for longer. */
const drainMs = 500;
/** A command that writes faster than this is held back: what is dropped anyway is not worth a processor. */
const burst = { bytes: 4_194_304, perMs: 20 } as const;
const statusCharsMax = 8192;
const complaintCharsMax = 300;

/** Starts what `confine` made. */
export function run(launch: Launch, options: RunOptions): Running {
	const outOfMemoryBefore = options.group.outOfMemoryCount();
	const child = spawned(launch);
	if (child instanceof Error)
		return { pid: null, ended: Promise.resolve({ status: "not_started", message: child.message }), end: () => {} };
	const status = lastOf(child.stdio[descriptors.status] as Readable, statusCharsMax);
	const complaint = lastOf(child.stderr, complaintCharsMax);
	give(child.stdio[descriptors.options] as Writable, Buffer.from(`${launch.options.join("\0")}\0`));
	give(child.stdin, options.stdin);
	for (const stream of ["stdout", "stderr"] as const) held(child[stream], (bytes) => options.take(stream, bytes));
	let reason: Ending | null = null;
	const end = (given: Ending): void => {
		reason ??= given;
		killAll(child, options.kills);
	};
	const timer = options.timeoutMs === null ? null : setTimeout(() => end({ status: "timed_out" }), options.timeoutMs);
	const ended = over(child).then(({ code, fault }): Ending => {
		if (timer !== null) clearTimeout(timer);
		if (reason !== null) return reason;
		if (options.group.outOfMemoryCount() > outOfMemoryBefore && code !== 0) return { status: "out_of_memory" };
		const exit = /"exit-code"\s*:\s*(\d+)/.exec(status())?.[1];
		if (exit !== undefined) return { status: "exited", code: Number(exit) };
		// Before the command there is only bubblewrap, and what it has to say.
		return { status: "not_started", message: fault ?? (complaint().trim() || "the sandbox did not start") };
	});
	return { pid: child.pid ?? null, ended, end };
}

/** A group of its own: a signal to the runner's terminal does not reach it, and one of ours reaches all of it. */
function spawned(launch: Launch): ChildProcessWithoutNullStreams | Error {
	try {
		return spawn(launch.command, launch.argv, {
			detached: true,
			stdio: ["pipe", "pipe", "pipe", "pipe", "pipe"],
			cwd: "/",
			env: launch.env,
		});
	} catch (error) {
		// Arguments that the kernel does not take.
		return error instanceof Error ? error : new Error(String(error));
	}
}

/** A process that has ended before it read everything is no fault of ours. */
function give(to: Writable, bytes: Uint8Array): void {
	to.on("error", () => {});
	to.end(bytes);
}

function lastOf(from: Readable, charsMax: number): () => string {
	let text = "";
	from.on("error", () => {});
	from.on("data", (bytes: Buffer) => void (text = (text + bytes.toString()).slice(-charsMax)));
	return () => text;
}

function held(source: Readable, take: (bytes: Buffer) => void): void {
	let taken = 0;
	source.on("error", () => {});
	source.on("data", (bytes: Buffer) => {
		take(bytes);
		taken += bytes.length;
		if (taken < burst.bytes) return;
		taken = 0;
		source.pause();
		setTimeout(() => source.resume(), burst.perMs);
	});
}

type Over = { readonly code: number | null; readonly fault: string | null };

function over(child: ChildProcessWithoutNullStreams): Promise<Over> {
	return new Promise((resolve) => {
		child.once("error", (error) => resolve({ code: null, fault: error.message }));
		child.once("close", (code) => resolve({ code, fault: null }));
		child.once("exit", (code) =>
			setTimeout(() => {
				for (const stream of child.stdio) stream?.destroy();
				resolve({ code, fault: null });
			}, drainMs).unref(),
		);
	});
}

/**
 * The first process of the namespace dies with its parent (`--die-with-parent`), and the kernel ends everything in a
 * namespace that has lost its first process: nothing can run away from that.
 */
function killAll(child: ChildProcessWithoutNullStreams, kills: RunOptions["kills"]): void {
	if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
	if (kills === "alone") return void child.kill("SIGKILL");
	try {
		process.kill(-child.pid, "SIGKILL");
	} catch {
		child.kill("SIGKILL");
	}
}
