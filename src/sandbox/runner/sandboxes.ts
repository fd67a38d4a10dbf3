import { execFile } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { chownSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { failing, succeeded, type Created, type Outcome, type SandboxKey, type SandboxSpec } from "../sandbox.ts";
import type { Box, Ground } from "./box.ts";
import { endAll, recovered } from "./commands.ts";
import { openEgress } from "./egress.ts";
import { specFault } from "./spec-fault.ts";
import { foldersOf, readSandboxes, writeSandbox, type SavedSandbox } from "./store.ts";
import { exceeds } from "./usage.ts";

export type Sandboxes = {
	readonly create: (key: SandboxKey, spec: SandboxSpec) => Promise<Outcome<Created>>;
	/** Null where there is none. Finding it is using it. */
	readonly find: (key: SandboxKey) => Box | null;
	readonly destroy: (key: SandboxKey) => Promise<void>;
	/** Ends all commands and keeps the files: the runner stops. */
	readonly close: () => Promise<void>;
};

/** How often the disk is looked at, and who has not been used for too long. */
const sweepMs = 500;
/** How often the disk is told when a sandbox was used last. */
const usedGrainMs = 60_000;

/** Takes up what is in the state directory. */
export async function openSandboxes(ground: Ground): Promise<Sandboxes> {
	const { settings, now } = ground;
	const boxes = new Map<SandboxKey, Box>();
	/** Making and destroying one sandbox go one after the other. */
	const turns = new Map<SandboxKey, Promise<unknown>>();
	/** Whoever asks for one of these finds none; its room is given away only when it is gone. */
	const leaving = new Set<SandboxKey>();
	const inTurn = <T>(key: SandboxKey, work: () => Promise<T>): Promise<T> => {
		const next = (turns.get(key) ?? Promise.resolve()).then(work, work);
		turns.set(key, next);
		const done = () => void (turns.get(key) === next && turns.delete(key));
		next.then(done, done);
		return next;
	};
	for (const { id, saved } of readSandboxes(settings.stateDir))
		boxes.set(saved.key, await furnish(id, saved, ground));
	removeRemains(settings.stateDir, boxes);

	const destroy = (key: SandboxKey) =>
		inTurn(key, async () => {
			const box = boxes.get(key);
			if (box === undefined) return;
			leaving.add(key);
			await demolish(box).finally(() => leaving.delete(key));
			boxes.delete(key);
		});
	let making = 0;
	const create = (key: SandboxKey, spec: SandboxSpec) =>
		inTurn(key, async (): Promise<Outcome<Created>> => {
			const known = boxes.get(key);
			if (known !== undefined) return found(known, spec, now());
			const fault = specFault(spec, settings);
			if (fault !== null) return failing({ code: "refused", message: fault });
			const crowded = boxes.size + making >= settings.sandboxesMax && ground.defences.has("sandboxes_limit");
			if (crowded)
				return failing({ code: "full", message: `All ${settings.sandboxesMax} sandboxes are in use.` });
			making += 1;
			const slot = freeSlot(boxes);
			const saved = { key, incarnation: randomBytes(12).toString("hex"), spec, slot, usedAtMs: now() };
			const id = idOf(key);
			try {
				prepare(id, saved, ground);
				boxes.set(key, await furnish(id, saved, ground));
			} finally {
				making -= 1;
			}
			return succeeded({ incarnation: saved.incarnation, created: true });
		});
	let swept = Promise.resolve();
	const sweeping = setInterval(() => {
		swept = swept.then(() => sweep([...boxes.values()], { now: now(), destroy, ground })).catch(report);
	}, sweepMs);
	return {
		create,
		destroy,
		find: (key) => {
			const box = boxes.get(key);
			if (box === undefined || leaving.has(key)) return null;
			touch(box, now());
			return box;
		},
		close: async () => {
			clearInterval(sweeping);
			await swept;
			await Promise.all([...boxes.values()].map(vacate));
		},
	};
}

function found(box: Box, spec: SandboxSpec, now: number): Outcome<Created> {
	if (JSON.stringify(box.saved.spec) !== JSON.stringify(spec))
		return failing({ code: "conflict", message: "A sandbox of this key was made with another spec." });
	touch(box, now);
	return succeeded({ incarnation: box.saved.incarnation, created: false });
}

function touch(box: Box, now: number): void {
	const stale = now - box.usedAtMs > usedGrainMs;
	box.usedAtMs = now;
	if (stale) writeSandbox(box.folders.root, { ...box.saved, usedAtMs: now });
}

/** Keys become folders by their hash: no key is a path. */
function idOf(key: SandboxKey): string {
	return createHash("sha256").update(key).digest("hex").slice(0, 24);
}

function freeSlot(boxes: ReadonlyMap<SandboxKey, Box>): number {
	const taken = new Set([...boxes.values()].map(({ saved }) => saved.slot));
	for (let slot = 0; ; slot += 1) if (!taken.has(slot)) return slot;
}

function uidOf(saved: SavedSandbox, { settings, defences }: Ground): number | null {
	if (settings.firstUid === null) return null;
	return settings.firstUid + (defences.has("own_user") ? saved.slot : 0);
}

/** `sandbox.json` comes last: a folder without it is the remains of a crash. */
function prepare(id: string, saved: SavedSandbox, ground: Ground): void {
	const { root, workspace, commands } = foldersOf(ground.settings.stateDir, id);
	rmSync(root, { recursive: true, force: true });
	mkdirSync(root, { mode: 0o711 });
	mkdirSync(workspace, { mode: 0o700 });
	mkdirSync(commands, { mode: 0o700 });
	const uid = uidOf(saved, ground);
	if (uid !== null) chownSync(workspace, uid, uid);
	writeSandbox(root, saved);
}

async function furnish(id: string, saved: SavedSandbox, ground: Ground): Promise<Box> {
	const { settings, defences, world } = ground;
	const folders = foldersOf(settings.stateDir, id);
	const uid = uidOf(saved, ground);
	const { limits, egress } = saved.spec;
	const rules = { allowed: egress, named: settings.egress, bytesMax: limits.egressBytesMax, defences, world };
	return {
		id,
		saved,
		folders,
		uid,
		group: ground.groups.make(id, limits),
		egress: egress.length === 0 ? null : await openEgress(folders.egressSocket, uid, rules),
		tasks: recovered(folders.commands),
		guests: new Set(),
		usedAtMs: saved.usedAtMs,
	};
}

async function vacate(box: Box): Promise<void> {
	// A sandbox that is destroyed tells nobody any more; one whose runner stops has to say why a command did not finish.
	await endAll(box, { status: "interrupted" });
	await box.egress?.close();
	await box.group.remove();
}

async function demolish(box: Box): Promise<void> {
	await vacate(box);
	// First the file that makes it a sandbox, so that a crash on the way leaves remains and no sandbox without files.
	rmSync(join(box.folders.root, "sandbox.json"), { force: true });
	await erase(box.folders.root);
}

/** Folders that their owner may not open are nothing to root, and have to be opened first by everyone else. */
async function erase(folder: string): Promise<void> {
	const erased = rm(folder, { recursive: true, force: true });
	await erased.catch(async () => {
		// Follows no link, and nothing runs there any more.
		await promisify(execFile)("chmod", ["-R", "u+rwX", "--", folder]);
		await rm(folder, { recursive: true, force: true });
	});
}

function removeRemains(stateDir: string, boxes: ReadonlyMap<SandboxKey, Box>): void {
	const known = new Set([...boxes.values()].map(({ id }) => id));
	for (const id of readdirSync(join(stateDir, "s")))
		if (!known.has(id)) rmSync(join(stateDir, "s", id), { recursive: true, force: true });
}

type Sweep = {
	readonly now: number;
	readonly destroy: (key: SandboxKey) => Promise<void>;
	readonly ground: Ground;
};

async function sweep(boxes: readonly Box[], { now, destroy, ground }: Sweep): Promise<void> {
	for (const box of boxes) {
		const { limits } = box.saved.spec;
		const busy = [...box.tasks.values()].some(({ running }) => running !== null);
		if (busy) box.usedAtMs = now;
		if (now - box.usedAtMs > limits.idleMs) await destroy(box.saved.key);
		else if (
			busy &&
			ground.defences.has("disk_limit") &&
			(await exceeds(box.folders.workspace, limits.diskBytesMax))
		)
			await endAll(box, { status: "disk_full" });
	}
}

function report(error: unknown): void {
	console.error(`not swept: ${error instanceof Error ? error.message : String(error)}`);
}
