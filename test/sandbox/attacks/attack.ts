import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync, chmodSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Defence } from "../../../src/sandbox/runner/defences.ts";
import type { Command, SandboxSpec } from "../../../src/sandbox/sandbox.ts";
import { finished, valueOf, type Finished } from "../conformance.ts";
import { at, key, spec, type Rig, type RigOptions } from "../rig.ts";

/** A way out, and what stands in it. */
export type Attack = {
	readonly title: string;
	/** Without these it succeeds: that is how it is known to be an attack. */
	readonly defences: readonly Defence[];
	readonly options?: RigOptions;
	/** Whether it got what it wanted. Small enough that it may. */
	readonly succeeds: (rig: Rig) => Promise<boolean>;
};

const signal = new AbortController().signal;

/** A file of the host that every user of it may read and write, and what is in it. */
export type Canary = { readonly folder: string; readonly file: string; readonly secret: string };

/** Puts a canary on the host for as long as the attack takes. */
export async function withCanary<T>(attack: (canary: Canary) => Promise<T>): Promise<T> {
	const folder = mkdtempSync(join(tmpdir(), "canary-"));
	const secret = `canary ${Math.random()}`;
	const file = join(folder, "secret");
	writeFileSync(file, secret);
	chmodSync(folder, 0o777);
	chmodSync(file, 0o666);
	try {
		return await attack({ folder, file, secret });
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

let boxes = 0;

/** A sandbox that no other attack has. */
export async function newBox({ sandbox }: Rig, changes: Partial<SandboxSpec> = {}): Promise<string> {
	boxes += 1;
	const name = `box-${boxes}`;
	valueOf(await sandbox.create(key(name), { ...spec, ...changes }, signal));
	return name;
}

/** Where the host has its files. */
export function workspaceOf(rig: Rig, name: string): string {
	return join(folderOf(rig, name), "w");
}

/** Which of the runner's users it runs as. */
export function slotOf(rig: Rig, name: string): number {
	const saved = JSON.parse(readFileSync(join(folderOf(rig, name), "sandbox.json"), "utf8")) as { slot: number };
	return saved.slot;
}

function folderOf({ stateDir }: Rig, name: string): string {
	const parent = join(stateDir, "s");
	const id = readdirSync(parent).find((one) =>
		readFileSync(join(parent, one, "sandbox.json"), "utf8").includes(`"key":"${name}"`),
	);
	return join(parent, id ?? "none");
}

/** Runs a command to its end, and tells what is left of its output. */
export async function runIn({ sandbox }: Rig, name: string, command: Command): Promise<Finished> {
	boxes += 1;
	const where = at(name, `c-${boxes}`);
	valueOf(await sandbox.start(where, command, signal));
	await finished(sandbox, where);
	// What is kept: who reads while it runs may see more.
	return finished(sandbox, where);
}
