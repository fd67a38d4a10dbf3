import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";

/** Looked at in one go; whoever has more files than this has too many. */
const entriesMax = 50_000;

/** Whether the files of a workspace take more than this on disk, or are too many. Follows no link. */
export async function exceeds(workspace: string, bytesMax: number): Promise<boolean> {
	let bytes = 0;
	let entries = 0;
	const folders = [workspace];
	for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
		// What is removed meanwhile takes no room.
		const found = await readdir(folder, { withFileTypes: true }).catch(() => []);
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

async function sizeOf(path: string): Promise<number> {
	const stat = await lstat(path).catch(() => null);
	return stat === null ? 0 : stat.blocks * blockBytes;
}

/** POSIX leaves it open; Linux counts in these. */
const blockBytes = 512;
