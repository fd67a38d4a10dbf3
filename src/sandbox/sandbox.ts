/**
 * Where the code that agents write runs. Everything is addressed by keys that the caller chose, and every function may be
 * called again with the same ones: after a crash the same key finds the same sandbox and the same command, and nothing
 * runs twice. Faults of the world are values; nothing is thrown.
 */
export type Sandbox = {
	readonly abilities: Abilities;
	/** Finds the sandbox of this key or makes it. Another spec under a key that is in use is a `conflict`. */
	readonly create: (key: SandboxKey, spec: SandboxSpec, signal: AbortSignal) => Promise<Outcome<Created>>;
	/** Starts this command unless it was started before, and does not wait for it. */
	readonly start: (at: CommandAddress, command: Command, signal: AbortSignal) => Promise<Outcome<CommandState>>;
	/** What the command wrote from this byte on; waits up to `waitMs` for something to be there. */
	readonly read: (at: CommandAddress, cursor: Cursor, signal: AbortSignal) => Promise<Outcome<OutputPage>>;
	/** Ends the command with all that it started. A command that has ended stays as it ended. */
	readonly kill: (at: CommandAddress, signal: AbortSignal) => Promise<Outcome<CommandState>>;
	readonly put: (at: FileAddress, bytes: Uint8Array, signal: AbortSignal) => Promise<Outcome<null>>;
	/** The whole file; one that is longer than `bytesMax` is `too_large`. */
	readonly get: (at: FileAddress, bytesMax: number, signal: AbortSignal) => Promise<Outcome<Uint8Array>>;
	/** Everything under this directory (`""`: the workspace), sorted by path; more than `entriesMax` is `too_large`. */
	readonly list: (at: FileAddress, entriesMax: number, signal: AbortSignal) => Promise<Outcome<readonly Entry[]>>;
	/** Ends all commands and forgets the files. */
	readonly destroy: (key: SandboxKey, signal: AbortSignal) => Promise<Outcome<null>>;
};

export type SandboxKey = string & { readonly brand: "SandboxKey" };
export type CommandKey = string & { readonly brand: "CommandKey" };

/** What a key looks like, of a sandbox as of a command. */
export const keyPattern = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/;

export type CommandAddress = { readonly sandbox: SandboxKey; readonly command: CommandKey };
/** `path` is relative to the workspace: no leading slash, no `..`. */
export type FileAddress = { readonly sandbox: SandboxKey; readonly path: string };

/** What differs between places, for those who choose one. */
export type Abilities = {
	readonly kind: string;
	/** Which of a spec's limits the place itself enforces; the others are its own or none. */
	readonly enforces: readonly (keyof SandboxLimits)[];
	/** `list`: to the origins of the spec alone. `all`: no limit can be set, so a spec has to ask for all. */
	readonly egress: "none" | "list" | "all";
	/** Whether output says if it came from stdout or stderr. */
	readonly separatesStreams: boolean;
};

export type SandboxLimits = {
	/** It is destroyed this long after it was last used. */
	readonly idleMs: number;
	readonly memoryBytesMax: number;
	readonly processesMax: number;
	/** 100 is one core. */
	readonly cpuPercentMax: number;
	/** All files of the workspace together. */
	readonly diskBytesMax: number;
	readonly fileBytesMax: number;
	/** All that it sends and receives, both ways together. */
	readonly egressBytesMax: number;
};

/** `all`: wherever it likes. A list: these origins (`https://host` or `https://host:port`) and nothing else. */
export type Egress = "all" | readonly string[];

export type SandboxSpec = { readonly limits: SandboxLimits; readonly egress: Egress };

/** `incarnation` differs once a sandbox of the same key had to be made anew, without the files of the one before. */
export type Created = { readonly incarnation: string; readonly created: boolean };

export type Command = {
	readonly argv: readonly string[];
	/** Relative to the workspace; `""`: the workspace. */
	readonly cwd: string;
	readonly env: Readonly<Record<string, string>>;
	readonly stdin: string;
	readonly timeoutMs: number;
	/** Of what it writes this much is kept: the first half, and the last. */
	readonly outputBytesMax: number;
};

export type CommandState =
	| { readonly status: "running" }
	/** As a shell has it: 128 and the signal's number where a signal ended it. */
	| { readonly status: "exited"; readonly code: number }
	| { readonly status: "timed_out" }
	| { readonly status: "killed" }
	| { readonly status: "out_of_memory" }
	| { readonly status: "disk_full" }
	/** The place itself broke down while it ran. What it did before that is done; it is not run again. */
	| { readonly status: "interrupted" }
	| { readonly status: "not_started"; readonly message: string };

export type Cursor = { readonly fromByte: number; readonly waitMs: number };

export type OutputPiece =
	| { readonly type: "output"; readonly atByte: number; readonly stream: Stream; readonly bytes: Uint8Array }
	/** This much was written here and not kept. */
	| { readonly type: "dropped"; readonly atByte: number; readonly bytesDropped: number };
/** `both`: the place does not say which. */
export type Stream = "stdout" | "stderr" | "both";

/** `state` is that of the moment of reading: the command is over and read once it has ended and `nextByte` is `endByte`. */
export type OutputPage = {
	readonly pieces: readonly OutputPiece[];
	readonly nextByte: number;
	readonly endByte: number;
	readonly state: CommandState;
};

export type Entry = { readonly path: string; readonly kind: "file" | "directory" | "link"; readonly bytes: number };

export type Outcome<T> =
	| { readonly ok: true; readonly value: T }
	| { readonly ok: false; readonly failure: SandboxFailure };

/** `message` is for people: at most 500 characters, no token. */
export type SandboxFailure = { readonly message: string } & (
	| { readonly code: "unavailable"; readonly retryAfterMs: number | null }
	| { readonly code: "unauthorized" }
	/** No sandbox, or no command, of this key. */
	| { readonly code: "gone" }
	| { readonly code: "no_such_file" }
	/** The key stands for something else already. */
	| { readonly code: "conflict" }
	| { readonly code: "too_large"; readonly bytesMax: number }
	/** What was asked for can never be had: a path outside, an origin that is not allowed, a limit above the host's. */
	| { readonly code: "refused" }
	/** Too many sandboxes or commands for now. */
	| { readonly code: "full" }
	/** This kind of place cannot do that. */
	| { readonly code: "unsupported" }
	/** It answered outside its own protocol. */
	| { readonly code: "bad_answer" }
	| { readonly code: "aborted" }
);

/** The key, if it is one. */
export function sandboxKey(text: string): SandboxKey | null {
	return keyPattern.test(text) ? (text as SandboxKey) : null;
}

/** The key, if it is one. */
export function commandKey(text: string): CommandKey | null {
	return keyPattern.test(text) ? (text as CommandKey) : null;
}

/** A value as an outcome. */
export function succeeded<T>(value: T): Outcome<T> {
	return { ok: true, value };
}

/** A failure as an outcome, its message kept short. */
export function failing(failure: SandboxFailure): { readonly ok: false; readonly failure: SandboxFailure } {
	return { ok: false, failure: { ...failure, message: failure.message.slice(0, messageCharsMax) } };
}

const messageCharsMax = 500;
const pathBytesMax = 1024;

/** Why no file can have this path; null where one can. `""` is the workspace itself. */
export function pathFault(path: string): string | null {
	if (new TextEncoder().encode(path).byteLength > pathBytesMax) return `a path is at most ${pathBytesMax} bytes long`;
	if (path.includes("\0")) return "a path has no NUL in it";
	if (path.startsWith("/")) return "a path is relative to the workspace";
	if (path.split("/").includes("..")) return "a path does not lead upwards";
	return null;
}
