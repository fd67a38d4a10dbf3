import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import type { SandboxLimits } from "../sandbox.ts";
import type { Defences } from "./defences.ts";

/** What keeps memory, processes and processor time of one sandbox together within its limits. */
export type Groups = {
	/** For `/healthz`. `rlimit`: each process for itself, where the host lets us make no group. */
	readonly kind: "cgroup-v1" | "cgroup-v2" | "rlimit";
	/** Makes or finds the group of this name. */
	readonly make: (name: string, limits: SandboxLimits) => Group;
	/** When all of them are gone. */
	readonly remove: () => Promise<void>;
};

export type Group = {
	/** A process joins by writing its id into each of these. */
	readonly joins: readonly string[];
	/** How often the kernel ended a process of the group for want of memory. */
	readonly outOfMemoryCount: () => number;
	readonly remove: () => Promise<void>;
};

type Layout = {
	readonly kind: "cgroup-v1" | "cgroup-v2";
	/** One folder a hierarchy. */
	readonly parents: readonly string[];
	readonly settings: (limits: SandboxLimits, defences: Defences) => readonly Setting[];
	readonly memoryEvents: string;
};
/** `optional`: not every kernel has it. */
type Setting = { readonly file: string; readonly value: string; readonly optional?: true };

/** Where the host lets us make none. */
export const noGroup: Group = { joins: [], outOfMemoryCount: () => 0, remove: async () => {} };

const periodMicroseconds = 100_000;

/** The groups that this host lets us make, tried out; else none. */
export function findGroups(root: string, name: string, defences: Defences): Groups {
	for (const layout of [version2(root, name), version1(root, name)]) {
		if (layout !== null && works(layout, defences))
			return {
				kind: layout.kind,
				make: (group, limits) => makeGroup(layout, group, { limits, defences }),
				remove: () => removeFolders(layout.parents),
			};
	}
	return { kind: "rlimit", make: () => noGroup, remove: async () => {} };
}

function version1(root: string, name: string): Layout | null {
	const parents = ["memory", "pids", "cpu"].map((controller) => join(root, controller, ownGroup(controller), name));
	if (!existsSync(join(root, "memory")) || !existsSync(join(root, "pids"))) return null;
	const [memory = "", pids = "", cpu = ""] = parents;
	return {
		kind: "cgroup-v1",
		parents,
		memoryEvents: "memory.oom_control",
		settings: (limits, on) => [
			...(on.has("memory_limit")
				? [
						{ file: join(memory, "memory.limit_in_bytes"), value: String(limits.memoryBytesMax) },
						{
							file: join(memory, "memory.memsw.limit_in_bytes"),
							value: String(limits.memoryBytesMax),
							optional: true as const,
						},
					]
				: []),
			...(on.has("processes_limit")
				? [{ file: join(pids, "pids.max"), value: String(limits.processesMax) }]
				: []),
			{ file: join(cpu, "cpu.cfs_period_us"), value: String(periodMicroseconds) },
			{ file: join(cpu, "cpu.cfs_quota_us"), value: String(quota(limits)) },
		],
	};
}

function version2(root: string, name: string): Layout | null {
	const own = join(root, ownGroup(null));
	if (!existsSync(join(root, "cgroup.controllers"))) return null;
	const parent = join(own, name);
	return {
		kind: "cgroup-v2",
		parents: [parent],
		memoryEvents: "memory.events",
		settings: (limits, on) => [
			...(on.has("memory_limit")
				? [
						{ file: join(parent, "memory.max"), value: String(limits.memoryBytesMax) },
						{ file: join(parent, "memory.swap.max"), value: "0", optional: true as const },
					]
				: []),
			...(on.has("processes_limit")
				? [{ file: join(parent, "pids.max"), value: String(limits.processesMax) }]
				: []),
			{ file: join(parent, "cpu.max"), value: `${quota(limits)} ${periodMicroseconds}` },
		],
	};
}

function quota({ cpuPercentMax }: SandboxLimits): number {
	return Math.round((cpuPercentMax / 100) * periodMicroseconds);
}

/** The group that we are in ourselves: what a container or a service may use is below it. */
function ownGroup(controller: string | null): string {
	const lines = readFileSync("/proc/self/cgroup", "utf8").split("\n");
	const mine = lines.find((line) => {
		const [, controllers = ""] = line.split(":");
		return controller === null ? controllers === "" : controllers.split(",").includes(controller);
	});
	return mine?.split(":").slice(2).join(":") ?? "/";
}

const trial: SandboxLimits = {
	idleMs: 0,
	memoryBytesMax: 67_108_864,
	processesMax: 16,
	cpuPercentMax: 50,
	diskBytesMax: 0,
	fileBytesMax: 0,
	egressBytesMax: 0,
};

function works(layout: Layout, defences: Defences): boolean {
	try {
		for (const parent of layout.parents) mkdirSync(parent, { recursive: true });
		if (layout.kind === "cgroup-v2") share(layout.parents);
		const group = makeGroup(layout, "trial", { limits: trial, defences });
		// Version 1 lets only our own hierarchies be joined; the file has to be there in either.
		const joinable = group.joins.every((file) => existsSync(file));
		for (const folder of layout.parents) rmdirSync(join(folder, "trial"));
		return joinable;
	} catch {
		return false;
	}
}

/**
 * Version 2 hands controllers down only from a group without processes of its own, so our own process has to sit in a leaf:
 * https://docs.kernel.org/admin-guide/cgroup-v2.html#no-internal-process-constraint
 */
function share([parent = ""]: readonly string[]): void {
	const above = join(parent, "..");
	const leaf = join(above, "massgen-runner");
	mkdirSync(leaf, { recursive: true });
	for (const process of readFileSync(join(above, "cgroup.procs"), "utf8").split("\n"))
		if (process !== "") writeFileSync(join(leaf, "cgroup.procs"), process);
	for (const group of [above, parent]) writeFileSync(join(group, "cgroup.subtree_control"), "+memory +pids +cpu");
}

function makeGroup(layout: Layout, name: string, { limits, defences }: Wanted): Group {
	const inGroup = (file: string) => {
		const parent = layout.parents.find((candidate) => file.startsWith(`${candidate}/`)) ?? "";
		return join(parent, name, file.slice(parent.length + 1));
	};
	const folders = layout.parents.map((parent) => join(parent, name));
	for (const folder of folders) mkdirSync(folder, { recursive: true });
	for (const { file, value, optional } of layout.settings(limits, defences)) {
		const path = inGroup(file);
		if (optional && !existsSync(path)) continue;
		set(path, value);
	}
	const events = join(folders[0] ?? "", layout.memoryEvents);
	return {
		joins: folders.map((folder) => join(folder, "cgroup.procs")),
		outOfMemoryCount: () => Number(/^oom_kill (\d+)$/m.exec(readFileSync(events, "utf8"))?.[1] ?? 0),
		remove: () => removeFolders(folders),
	};
}

type Wanted = { readonly limits: SandboxLimits; readonly defences: Defences };

function set(path: string, value: string): void {
	try {
		writeFileSync(path, value);
	} catch (error) {
		throw new Error(`cannot set ${path} to ${value}`, { cause: error });
	}
}

const removeTries = 40;
const removeEveryMs = 25;

/** A group is busy until the last of its dead has been buried; one that stays so is found again at the next start. */
async function removeFolders(folders: readonly string[]): Promise<void> {
	for (let tries = 0; tries < removeTries; tries += 1) {
		if (folders.filter(isRemoved).length === folders.length) return;
		await setTimeout(removeEveryMs);
	}
}

function isRemoved(folder: string): boolean {
	if (!existsSync(folder)) return true;
	try {
		rmdirSync(folder);
		return true;
	} catch {
		return false;
	}
}
