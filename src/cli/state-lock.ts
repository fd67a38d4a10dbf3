import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** The runtime of a server that was killed may use its state for half a second yet. */
const afterlifeMs = 500;
const lookMs = 100;

/**
 * Takes a state folder for this process until it exits: two servers on one state would both write it. Waits so long for
 * the one that has it, which may be about to end; null, or the process that keeps it.
 */
export async function lockState(stateDir: string, patienceMs: number): Promise<number | null> {
	made(stateDir);
	const file = join(stateDir, "pid");
	const deadline = Date.now() + patienceMs;
	while (!taken(file)) {
		const holder = holderOf(file);
		if (holder === null) await takenOver(file);
		else if (Date.now() >= deadline) return holder;
		else await sleep(lookMs);
	}
	process.once("exit", () => void (pidIn(file) === process.pid && rmSync(file, { force: true })));
	return null;
}

function made(stateDir: string): void {
	try {
		mkdirSync(stateDir, { recursive: true });
		const probe = join(stateDir, `pid.${process.pid}`);
		writeFileSync(probe, "");
		rmSync(probe);
	} catch (cause) {
		throw new Error(`The state folder ${stateDir} cannot be made or written`, { cause });
	}
}

/** A link is made whole or not at all, and never over another one. */
function taken(file: string): boolean {
	if (pidIn(file) === process.pid) return true;
	const own = ownBeside(file);
	try {
		linkSync(own, file);
		return true;
	} catch (error) {
		if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
		throw error;
	} finally {
		rmSync(own, { force: true });
	}
}

/** Of several that take the place of one that is gone, the last one has it, and the others see that after the pause. */
async function takenOver(file: string): Promise<void> {
	renameSync(ownBeside(file), file);
	await sleep(afterlifeMs);
}

function ownBeside(file: string): string {
	const own = `${file}.${process.pid}`;
	writeFileSync(own, `${process.pid}\n`);
	return own;
}

/** The living process that has the folder. Our own number is an old one's: a container counts from 1 at each start. */
function holderOf(file: string): number | null {
	const pid = pidIn(file);
	return pid !== null && pid !== process.pid && isAlive(pid) ? pid : null;
}

function pidIn(file: string): number | null {
	try {
		const pid = Number(readFileSync(file, "utf8"));
		return Number.isInteger(pid) && pid > 0 ? pid : null;
	} catch {
		// Nobody has it, or nobody who could say so.
		return null;
	}
}

function isAlive(pid: number): boolean {
	try {
		process.kill(pid, 0);
	} catch (error) {
		return error instanceof Error && "code" in error && error.code === "EPERM";
	}
	return !isZombie(pid);
}

/** Dead, but not buried by its parent yet. Only Linux says so. */
function isZombie(pid: number): boolean {
	try {
		return readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ");
	} catch {
		return false;
	}
}
