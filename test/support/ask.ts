import { spawn } from "node:child_process";
import { inject } from "vitest";

export type Asked = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

export type AskOptions = {
	readonly environment?: Readonly<Record<string, string>>;
	/** Sends Ctrl-C once stderr shows a line that fits. */
	readonly interrupt?: RegExp;
	/** As a person types it; what the script itself runs is twice as fast. */
	readonly command?: readonly string[];
};

const script = ["node", "src/cli/ask.ts"] as const;

/** Asks one question on the command line and gives all that it said. */
export async function ask(
	words: readonly string[],
	{ environment = {}, interrupt, command = script }: AskOptions = {},
): Promise<Asked> {
	const [program = "node", ...rest] = command;
	const env = { ...process.env, ...environment };
	const child = spawn(program, [...rest, ...words], {
		cwd: inject("checkout"),
		env,
		detached: true,
		stdio: ["ignore", "pipe", "pipe"],
	});
	const said = { stdout: "", stderr: "" };
	let interrupted = false;
	child.stdout.on("data", (piece: Buffer) => void (said.stdout += piece.toString()));
	child.stderr.on("data", (piece: Buffer) => {
		said.stderr += piece.toString();
		if (interrupted || interrupt?.test(said.stderr) !== true || child.pid === undefined) return;
		interrupted = true;
		process.kill(-child.pid, "SIGINT");
	});
	const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
	return { code, ...said };
}
