import { access, constants, statfs } from "node:fs/promises";

const sharedMemory = "/dev/shm";
/** https://man7.org/linux/man-pages/man2/statfs.2.html */
const tmpfs = 0x01021994;

/** A folder on a file system in memory; null where there is none that we may write to. */
export async function memoryDir(): Promise<string | null> {
	try {
		await access(sharedMemory, constants.W_OK);
		return (await statfs(sharedMemory)).type === tmpfs ? sharedMemory : null;
	} catch {
		return null;
	}
}
