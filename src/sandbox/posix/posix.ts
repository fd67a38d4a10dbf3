import { keepingRecent } from "../../std/recent.ts";
import {
	failing,
	pathFault,
	succeeded,
	type Command,
	type FileAddress,
	type Outcome,
	type Sandbox,
	type SandboxKey,
	type SandboxSpec,
} from "../sandbox.ts";
import { bytesFrom, entriesFrom, fileOutcome, pageFrom, stateFrom } from "./answers.ts";
import { unmarked, type Machine, type Provider, type Ran } from "./provider.ts";
import * as scripts from "./scripts.ts";

const pageBytesMax = 65_536;
const waitMsMax = 15_000;
const pollMs = 200;
/** A script that waits for nothing takes no longer. */
const scriptMs = 15_000;
const machinesKept = 64;
/** Everything of ours, in the home of the machine's user. */
const root = "massgen";

/** The port on machines that only run commands: see `scripts.ts`. */
export function posixSandbox(provider: Provider): Sandbox {
	/** So that not every command asks where its machine is; a machine that is gone is asked for again. */
	const machines = keepingRecent<Machine>(machinesKept);
	const found = async (key: SandboxKey, signal: AbortSignal): Promise<Outcome<Machine>> => {
		const known = machines.known(key);
		if (known !== null) return succeeded(known);
		const all = await provider.find(key, signal);
		if (!all.ok) return all;
		const [oldest] = all.value;
		return oldest === undefined ? noSuchSandbox : succeeded(machines.of(key, () => oldest));
	};
	/** What a machine answered, which is forgotten where it is gone. */
	const kept = <T>(key: SandboxKey, outcome: Outcome<T>): Outcome<T> => {
		if (!outcome.ok && outcome.failure.code === "gone") machines.drop(key);
		return outcome;
	};
	const reach: Reach = {
		write: async (key, path, bytes, signal) => {
			const machine = await found(key, signal);
			return machine.ok ? kept(key, await machine.value.write(path, bytes, signal)) : machine;
		},
		run: async (key, [script, ...values], signal, waitMs = 0) => {
			const machine = await found(key, signal);
			if (!machine.ok) return machine;
			const argv = ["/bin/sh", "-c", script, "sh", root, ...values];
			return kept(key, await machine.value.exec(argv, waitMs + scriptMs, signal));
		},
	};
	return {
		abilities: provider.abilities,
		...commandsOn(reach),
		...filesOn(reach),
		create: async (key, spec, signal) => {
			machines.drop(key);
			return created({ provider, key, spec, signal, keep: (machine) => void machines.of(key, () => machine) });
		},
		destroy: async (key, signal) => {
			machines.drop(key);
			const all = await provider.find(key, signal);
			if (!all.ok) return all;
			for (const { id } of all.value) {
				const removed = await provider.remove(id, signal);
				if (!removed.ok) return removed;
			}
			return succeeded(null);
		},
	};
}

/** Scripts and files on the machine of a key. */
type Reach = {
	readonly write: (key: SandboxKey, path: string, bytes: Uint8Array, signal: AbortSignal) => Promise<Outcome<null>>;
	readonly run: (key: SandboxKey, script: Script, signal: AbortSignal, waitMs?: number) => Promise<Outcome<Ran>>;
};

function commandsOn({ write, run }: Reach): Pick<Sandbox, "start" | "read" | "kill"> {
	return {
		start: async ({ sandbox, command: key }, command, signal) => {
			const fault = pathFault(command.cwd) ?? programFault(command);
			if (fault !== null) return failing({ code: "refused", message: fault });
			const id = await digestOf(key);
			const digest = await digestOf(command);
			const input = command.stdin === "" ? "" : `${root}/in/${id}.${digest}`;
			if (input !== "") {
				const written = await write(sandbox, input, new TextEncoder().encode(command.stdin), signal);
				if (!written.ok) return written;
			}
			const started = await run(sandbox, [scripts.start, id, digest, ...valuesOf(command, input)], signal);
			return started.ok ? stateFrom(started.value) : started;
		},
		read: async (at, { fromByte, waitMs }, signal) => {
			const wait = Math.min(waitMs, waitMsMax);
			const tries = String(Math.floor(wait / pollMs));
			const values = [await digestOf(at.command), String(fromByte), String(pageBytesMax), tries] as const;
			const result = await run(at.sandbox, [scripts.read, ...values], signal, wait);
			return result.ok ? pageFrom(result.value, fromByte) : result;
		},
		kill: async (at, signal) => {
			const ended = await run(at.sandbox, [scripts.kill, await digestOf(at.command)], signal, waitMsMax);
			return ended.ok ? stateFrom(ended.value) : ended;
		},
	};
}

function filesOn({ write, run }: Reach): Pick<Sandbox, "put" | "get" | "list"> {
	return {
		put: async (at, bytes, signal) => {
			const fault = fileFault(at);
			if (fault !== null) return fault;
			const draft = `${root}/in/${crypto.randomUUID()}`;
			const written = await write(at.sandbox, draft, bytes, signal);
			if (!written.ok) return written;
			const moved = await run(at.sandbox, [scripts.put, at.path, draft], signal);
			return moved.ok ? fileOutcome(moved.value, 0, () => succeeded(null)) : moved;
		},
		get: async (at, bytesMax, signal) => {
			const fault = fileFault(at);
			if (fault !== null) return fault;
			const got = await run(at.sandbox, [scripts.get, at.path, String(bytesMax)], signal);
			return got.ok ? fileOutcome(got.value, bytesMax, bytesFrom) : got;
		},
		list: async (at, entriesMax, signal) => {
			const fault = pathFault(at.path);
			if (fault !== null) return failing({ code: "refused", message: fault });
			const found = await run(at.sandbox, [scripts.list, at.path, String(entriesMax + 1)], signal);
			if (!found.ok) return found;
			return fileOutcome(found.value, entriesMax, (text) => entriesFrom(text, at, entriesMax));
		},
	};
}

type Script = readonly [script: string, ...values: string[]];
type Creating = {
	readonly provider: Provider;
	readonly key: SandboxKey;
	readonly spec: SandboxSpec;
	readonly signal: AbortSignal;
	readonly keep: (machine: Machine) => void;
};

const noSuchSandbox = failing({ code: "gone", message: "There is no sandbox of this key." });

/** These services make a machine at every request, so whoever made one looks whether another was first. */
async function created({ provider, key, spec, signal, keep }: Creating) {
	const digest = await digestOf(spec);
	const before = await provider.find(key, signal);
	if (!before.ok) return before;
	const [known] = before.value;
	if (known !== undefined && known.digest !== digest && known.digest !== unmarked)
		return failing({ code: "conflict", message: "A sandbox of this key was made with another spec." });
	if (known !== undefined) {
		keep(known);
		return succeeded({ incarnation: known.id, created: false });
	}
	const made = await provider.make(key, spec, { digest, signal });
	if (!made.ok) return made;
	const after = await provider.find(key, signal);
	const first = after.ok ? (after.value[0] ?? made.value) : made.value;
	keep(first.id === made.value.id ? made.value : first);
	if (first.id !== made.value.id) await provider.remove(made.value.id, signal);
	return succeeded({ incarnation: first.id, created: first.id === made.value.id });
}

/** `env` takes a word with `=` in it for a variable. */
function programFault({ argv: [program = ""] }: Command): string | null {
	return program === "" || program.includes("=") ? "the first argument names a program, without `=`" : null;
}

function valuesOf({ argv, cwd, env, timeoutMs, outputBytesMax }: Command, input: string): string[] {
	const head = Math.floor(outputBytesMax / 2);
	const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
	const seconds = (timeoutMs / 1000).toFixed(3);
	return [seconds, String(head), String(outputBytesMax - head), cwd, input, "env", "--", ...variables, ...argv];
}

function fileFault({ path }: FileAddress): ReturnType<typeof failing> | null {
	const fault = path === "" || path.endsWith("/") ? "a file has a name" : pathFault(path);
	return fault === null ? null : failing({ code: "refused", message: `path: ${fault}` });
}

/** Of values that JSON has, whatever the order of their fields. */
async function digestOf(value: unknown): Promise<string> {
	const bytes = new TextEncoder().encode(JSON.stringify(value, sortedFields));
	const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
	return Array.from(digest.slice(0, 16), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function sortedFields(_: string, value: unknown): unknown {
	if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
	return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
