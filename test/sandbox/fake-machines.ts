import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/**
 * Machines that a faked service lends: each is a folder of this machine. What the adapters send them are our own scripts and
 * the commands of the conformance suite; nothing is confined.
 */
export type FakeMachine = { readonly id: string; readonly folder: string; readonly labels: Record<string, string> };

export type FakeMachines = {
	readonly all: Map<string, FakeMachine>;
	readonly make: (labels: Record<string, string>) => FakeMachine;
	readonly remove: (id: string) => boolean;
	readonly exec: (machine: FakeMachine, argv: readonly string[]) => Promise<{ code: number; stdout: Buffer }>;
	readonly write: (machine: FakeMachine, path: string, bytes: Uint8Array) => void;
	readonly close: () => void;
};

/** None yet. */
export function fakeMachines(): FakeMachines {
	const root = mkdtempSync(join(tmpdir(), "machines-"));
	const all = new Map<string, FakeMachine>();
	let made = 0;
	const remove = (id: string) => {
		const machine = all.get(id);
		if (machine === undefined) return false;
		endAllIn(machine.folder);
		all.delete(id);
		rmSync(machine.folder, { recursive: true, force: true });
		return true;
	};
	return {
		all,
		make: (labels) => {
			made += 1;
			const id = `m${made}`;
			const folder = join(root, id);
			mkdirSync(folder);
			const machine = { id, folder, labels };
			all.set(id, machine);
			return machine;
		},
		remove,
		exec: async ({ folder }, [command = "", ...words]) => {
			const child = spawn(command, words, { cwd: folder, stdio: ["ignore", "pipe", "ignore"] });
			const pieces: Buffer[] = [];
			child.stdout.on("data", (bytes: Buffer) => void pieces.push(bytes));
			const [code] = (await once(child, "close")) as [number | null];
			return { code: code ?? 255, stdout: Buffer.concat(pieces) };
		},
		write: ({ folder }, path, bytes) => {
			const target = join(folder, path);
			mkdirSync(dirname(target), { recursive: true });
			writeFileSync(target, bytes);
		},
		close: () => {
			for (const id of all.keys()) remove(id);
			rmSync(root, { recursive: true, force: true });
		},
	};
}

/** A machine that is taken away takes its processes along: those that name its folder, and all that they started. */
function endAllIn(folder: string): void {
	const all = readdirSync("/proc").filter((pid) => /^\d+$/.test(pid));
	const doomed = new Set(
		all.filter((pid) => safely(() => readFileSync(`/proc/${pid}/cmdline`, "utf8"))?.includes(folder)),
	);
	const parentOf = (pid: string) =>
		/^PPid:\t(\d+)$/m.exec(safely(() => readFileSync(`/proc/${pid}/status`, "utf8")) ?? "")?.[1] ?? "";
	const parents = new Map(all.map((pid) => [pid, parentOf(pid)]));
	for (let generation = 0; generation < 8; generation += 1)
		for (const [pid, parent] of parents) if (doomed.has(parent)) doomed.add(pid);
	for (const pid of doomed) safely(() => process.kill(Number(pid), "SIGKILL"));
}

function safely<T>(read: () => T): T | null {
	try {
		return read();
	} catch {
		return null;
	}
}

export type Handled = (request: IncomingMessage, body: Buffer, response: ServerResponse) => Promise<void>;

/** Serves a faked service on loopback. */
export async function serveFake(handle: Handled): Promise<{ readonly url: string; readonly close: () => void }> {
	const server = createServer((request, response) => {
		void bodyOf(request)
			.then((body) => handle(request, body, response))
			.catch((error: unknown) => response.writeHead(500).end(String(error)));
	});
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	const { port } = server.address() as { port: number };
	return {
		url: `http://127.0.0.1:${port}`,
		close: () => {
			server.closeAllConnections();
			server.close();
		},
	};
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
	const pieces: Buffer[] = [];
	for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece);
	return Buffer.concat(pieces);
}

/** The one file of a multipart form. */
export async function fileIn(request: IncomingMessage, body: Buffer): Promise<Uint8Array> {
	const headers = { "content-type": request.headers["content-type"] ?? "" };
	const form = await new Response(body, { headers }).formData();
	const [file] = [...form.values()].filter((value) => typeof value !== "string");
	return new Uint8Array(await (file as unknown as Blob).arrayBuffer());
}

/** Answers with JSON. */
export function say(response: ServerResponse, status: number, value: unknown): void {
	response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
}
