import { spawn } from "node:child_process";
import { inject } from "vitest";

export type Asked = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

/** `npm run --silent ask -- …` with these variables; `interrupt` sends Ctrl-C once stderr shows a line that fits. */
export async function ask(
	words: readonly string[],
	environment: Readonly<Record<string, string>> = {},
	interrupt: RegExp | null = null,
): Promise<Asked> {
	const env = { ...process.env, ...environment };
	const child = spawn("npm", ["run", "--silent", "ask", "--", ...words], { cwd: inject("checkout"), env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
	const said = { stdout: "", stderr: "" };
	let interrupted = false;
	child.stdout.on("data", (piece: Buffer) => void (said.stdout += piece.toString()));
	child.stderr.on("data", (piece: Buffer) => {
		said.stderr += piece.toString();
		if (interrupted || interrupt === null || !interrupt.test(said.stderr) || child.pid === undefined) return;
		interrupted = true;
		process.kill(-child.pid, "SIGINT");
	});
	const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
	return { code, ...said };
}
