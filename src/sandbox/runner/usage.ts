import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";

/** Looked at in one go; whoever has more files than this has too many. */
const entriesMax = 50_000;

/**
 * Whether the files of a workspace take more than this on disk, or are too many. Follows no link. A folder that cannot be
 * looked into, which is one that was closed to a runner that is not root, might hold anything: it is too much as well.
 */
export async function exceeds(workspace: string, bytesMax: number): Promise<boolean> {
	let bytes = 0;
	let entries = 0;
	const folders = [workspace];
	for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
		const found = await readdir(folder, { withFileTypes: true }).catch(whyNot);
		if (found === "closed") return true;
		entries += found.length;
		if (entries > entriesMax) return true;
		for (const entry of found) {
			const path = join(folder, entry.name);
			if (entry.isDirectory()) folders.push(path);
			bytes += await sizeOf(path);
			if (bytes > bytesMax) return true;
		}
	}
	return false;
}

/** What is removed meanwhile takes no room. */
function whyNot(error: NodeJS.ErrnoException): [] | "closed" {
	return error.code === "ENOENT" || error.code === "ENOTDIR" ? [] : "closed";
}

async function sizeOf(path: string): Promise<number> {
	const stat = await lstat(path).catch(() => null);
	return stat === null ? 0 : stat.blocks * blockBytes;
}

/** POSIX leaves it open; Linux counts in these. */
const blockBytes = 512;
