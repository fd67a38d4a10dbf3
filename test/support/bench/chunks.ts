import { readdirSync, readFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { Miniflare } from "miniflare";
import { bundled } from "./bundle.ts";
import type { SpokenWire } from "../fake-script.ts";
import type { Provider } from "./provider.ts";
import { ratioOf } from "./side-by-side.ts";
import { textPieces } from "./streams.ts";
import { teamOf, wireNames } from "./teams.ts";

/** One order to the Worker that reads: how often, by which reader, and where the stream is. */
export type ChunksAsked = {
	readonly reader: "plain" | "ours" | "sdk";
	readonly reads: number;
	readonly wire: SpokenWire;
	readonly url: string;
	readonly path: string;
	readonly backend: string;
	readonly model: string;
	/** Pieces of text in the stream: fewer would mean that the work was not done. */
	readonly chunks: number;
	readonly settings: Readonly<Record<string, string>>;
};

const batches = { warmUp: 2, measured: 12, reads: 20 } as const;

type Ratios = Readonly<Record<SpokenWire, number>>;

export type ChunkCosts = {
	/** What reading as a session does costs over a plain parser of the same bytes, both in workerd. */
	readonly ours: Ratios;
	/** The same of the official SDKs. */
	readonly sdk: Ratios;
	readonly measured: "processor time" | "elapsed time";
};

/** Reads each wire's stream in workerd in two ways, in turns, and compares the processor time of the whole process. */
export async function chunkCosts(provider: Provider): Promise<ChunkCosts> {
	const script = await bundled("test/support/bench/chunks-worker.ts");
	const miniflare = new Miniflare({
		host: "127.0.0.1",
		port: 0,
		cf: false,
		telemetry: { enabled: false },
		logRequests: false,
		workers: [{ config: readerConfig(script), dev: { rootPath: process.cwd() } }],
	});
	try {
		const { origin } = await miniflare.ready;
		const clock = clockOf(runtimePid());
		const ratiosOf = async (reader: "ours" | "sdk"): Promise<Ratios> => {
			const ratios: Partial<Record<SpokenWire, number>> = {};
			for (const wire of wireNames)
				ratios[wire] = await ratio(origin, { ...orderFor(wire, provider), reader }, clock);
			return ratios as Ratios;
		};
		return { ours: await ratiosOf("ours"), sdk: await ratiosOf("sdk"), measured: clock.measured };
	} finally {
		await miniflare.dispose();
	}
}

function readerConfig(contents: string) {
	return {
		name: "reader",
		compatibilityDate: "2026-10-20",
		manifest: {
			mainModule: "reader.js",
			modulesRoot: process.cwd(),
			modules: { "reader.js": { type: "esm" as const, contents } },
		},
	};
}

type Order = Omit<ChunksAsked, "reader" | "reads">;

function orderFor(wire: SpokenWire, { url, settings }: Provider): Order {
	const [agent] = teamOf([wire]);
	if (agent === undefined) throw new Error(`no agent speaks ${wire}`);
	const { path, backend, model } = agent;
	return { wire, url, settings, path, backend, model, chunks: textPieces };
}

async function ratio(
	origin: string,
	{ reader: measured, ...order }: Order & Pick<ChunksAsked, "reader">,
	clock: Clock,
): Promise<number> {
	const reading = (reader: ChunksAsked["reader"]) => async () => {
		const body = JSON.stringify({ ...order, reader, reads: batches.reads } satisfies ChunksAsked);
		const response = await fetch(origin, { method: "POST", body });
		if (!response.ok) throw new Error(`${order.backend}: ${await response.text()}`);
	};
	const exact = await ratioOf([reading(measured), reading("plain")], { ...batches, clock: clock.now });
	return Math.round(exact * 100) / 100;
}

type Clock = { readonly now: () => number; readonly measured: ChunkCosts["measured"] };

/** Processor time of a process in milliseconds, where the system tells; else the time that passes. */
function clockOf(pid: number | null): Clock {
	const tasks = `/proc/${pid}/task`;
	try {
		readdirSync(tasks);
	} catch {
		return { now: () => performance.now(), measured: "elapsed time" };
	}
	const now = () => readdirSync(tasks).reduce((sum, task) => sum + ticksOf(`${tasks}/${task}/stat`), 0) * msPerTick;
	return { now, measured: "processor time" };
}

const msPerTick = 10;

/** The 14th and 15th field: ticks in user and in kernel mode. https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
function ticksOf(file: string): number {
	const fields = readFileSync(file, "utf8").split(") ").at(-1)?.split(" ") ?? [];
	return Number(fields[11]) + Number(fields[12]);
}

/** The youngest runtime that this process has started. */
function runtimePid(): number | null {
	const { stdout } = spawnSync("pgrep", ["-P", String(process.pid), "-n", "workerd"], { encoding: "utf8" });
	return stdout === null || stdout.trim() === "" ? null : Number(stdout.trim());
}
