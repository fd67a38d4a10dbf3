import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";

export type Started = {
	readonly url: string;
	readonly key: string;
	/** The line that said that it answers. */
	readonly ready: string;
	/** `kill -9`, for npm, its shell, Node and workerd alike; resolves when the port is dead. */
	readonly kill: () => Promise<void>;
	/** Ctrl-C, which a terminal sends to the whole group; resolves when the port is dead. */
	readonly stop: () => Promise<void>;
	/** A signal for npm or for Node alone, as another program would send it; waits for nothing. */
	readonly signal: (which: "npm" | "node", signal: NodeJS.Signals) => Promise<void>;
};

/** The README's `npm start` of this checkout in a process group of its own, up to its line `ready …`. */
export async function startProcess(root: string, environment: Readonly<Record<string, string>>): Promise<Started> {
	const env = { ...process.env, PORT: "0", ...environment };
	const child = spawn("npm", ["start"], {
		cwd: root,
		env,
		detached: true,
		stdio: ["ignore", "pipe", "pipe"],
	});
	let said = "";
	child.stderr.on("data", (piece: Buffer) => (said = (said + piece.toString()).slice(-4000)));
	const exited = once(child, "exit").then(([code]: (number | null)[]) => code ?? null);
	const ready = await Promise.race([
		// An output that ends without the line is that of a start that failed: its exit says why.
		readyLine(child.stdout).then(
			(line) => line || exited.then(() => Promise.reject(new Error(`npm start failed: ${said}`))),
		),
		exited.then((code) => Promise.reject(new Error(`npm start ended with ${code}: ${said}`))),
	]);
	const [, url = "", key = ""] = /^ready (http:\/\/127\.0\.0\.1:\d+)\/#key=(\S+)$/.exec(ready) ?? [];
	const { pid } = child;
	// A test that is interrupted must not leave a server behind.
	const orphaned = () => void (pid !== undefined && process.kill(-pid, "SIGKILL"));
	process.once("exit", orphaned);
	const ended = async (signal: NodeJS.Signals) => {
		process.removeListener("exit", orphaned);
		if (pid !== undefined) process.kill(-pid, signal);
		await exited;
		await deadPort(url);
	};
	const alone = async (which: "npm" | "node", signal: NodeJS.Signals) => {
		process.removeListener("exit", orphaned);
		const of = which === "npm" ? pid : await nodePid(environment);
		if (of !== undefined) process.kill(of, signal);
	};
	return { url, key, ready, kill: () => ended("SIGKILL"), stop: () => ended("SIGINT"), signal: alone };
}

/** The process that serves a state says so in its folder. */
async function nodePid({ MASSGEN_STATE = "" }: Readonly<Record<string, string>>): Promise<number> {
	return Number(await readFile(join(MASSGEN_STATE, "pid"), "utf8"));
}

async function readyLine(stdout: NodeJS.ReadableStream): Promise<string> {
	for await (const line of createInterface({ input: stdout })) if (line.startsWith("ready ")) return line;
	return "";
}

/** Workerd may outlive Node by a moment: it listens until it finds that nobody holds its pipe. */
async function deadPort(url: string): Promise<void> {
	for (let look = 0; look < 100; look++) {
		const alive = await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(1000) }).then(
			() => true,
			() => false,
		);
		if (!alive) return;
		await sleep(50);
	}
	throw new Error(`something still listens at ${url}`);
}
