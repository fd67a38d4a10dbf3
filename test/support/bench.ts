import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sessionsPerSecond } from "./bench/at-once.ts";
import { chunkCosts } from "./bench/chunks.ts";
import { flushesIn } from "./bench/flushes.ts";
import { memoryDir } from "./bench/memory-dir.ts";
import { platformUsd, rowsAt } from "./bench/platform-cost.ts";
import { startServer, type Server } from "../../src/cli/server.ts";
import { startProvider, type Provider } from "./bench/provider.ts";
import { rawLoop } from "./bench/raw-loop.ts";
import { reference, referenceSession } from "./bench/reference-session.ts";
import { longSession } from "./bench/long-session.ts";
import { oneSession } from "./bench/session.ts";
import { medianTimes } from "./bench/side-by-side.ts";
import { teamOf, teams, type TeamName } from "./bench/teams.ts";

/**
 * `npm run --silent bench`: one JSON object of ratios, each measured side by side in this run; then what a session of ten
 * minutes is billed, how many short ones finish in a second, and what a very long one needs of an object's memory. Progress
 * on stderr.
 *
 * `session_vs_raw_loop` is a session with all that it writes, its state on the disk that `npm start` has. The raw loop writes
 * nothing. `session_vs_raw_loop_in_memory` is the same measure of the same code with the state on a file system in memory
 * (null where there is none): it says what of the ratio is ours, and what is this disk's time to confirm a write. It takes
 * nobody's place: no server should run so.
 */
const pairs = { warmUp: 40, measured: 120 } as const;
const sessionsAtOnce = 500;
/** In place of 200 at a real pace. */
const secondsPerCall = 5;

const provider = await startProvider();
const server = await serverIn(tmpdir());
try {
	const chat = await measured("chat", server, provider);
	const wires = await measured("wires", server, provider);
	const inMemory = await ratioInMemory();
	const perSecond = await sessionsPerSecond({ ...server, agents: teamOf(teams.chat) }, sessionsAtOnce);
	process.stderr.write(`${sessionsAtOnce} sessions at once: ${rounded(perSecond)} finish in a second\n`);
	const platform = await platformCost();
	const { heapMbPeak, logMb } = await longSession();
	process.stderr.write(`a session of ${logMb} MB of events: at most ${heapMbPeak} MB of heap\n`);
	const chunks = await chunkCosts(provider);
	process.stderr.write(
		`reading, by ${chunks.measured}: ${JSON.stringify(chunks.ours)}, by the SDKs ${JSON.stringify(chunks.sdk)}\n`,
	);
	const ratios = {
		cpu_per_1000_chunks: chunks.ours,
		cpu_per_1000_chunks_of_sdks: chunks.sdk,
		session_vs_raw_loop: chat.ratio,
		session_vs_raw_loop_in_memory: inMemory,
		session_vs_raw_loop_four_wires: wires.ratio,
		session_ms_median: chat.sessionMs,
		raw_ms_median: chat.rawMs,
		session_four_wires_ms_median: wires.sessionMs,
		raw_four_wires_ms_median: wires.rawMs,
		wires: { session_vs_raw_loop: teams.chat, session_vs_raw_loop_four_wires: teams.wires },
		sessions: pairs.measured,
		sessions_per_second: rounded(perSecond),
		sessions_at_once: sessionsAtOnce,
		...platform,
		heap_mb_peak: heapMbPeak,
	};
	process.stdout.write(`${JSON.stringify(ratios)}\n`);
} finally {
	await server.close();
	provider.close();
}

/** The built Worker with an empty state of its own below this folder. */
async function serverIn(folder: string): Promise<Server> {
	const stateDir = await mkdtemp(join(folder, "massgen-bench-"));
	const settings = { ...provider.settings, ADMIN_KEY: "bench" };
	const started = await startServer({ root: process.cwd(), stateDir, port: 0, settings, local: [] });
	const close = async () => {
		await started.close();
		await rm(stateDir, { recursive: true, force: true });
	};
	return { ...started, close };
}

async function ratioInMemory(): Promise<number | null> {
	const folder = await memoryDir();
	if (folder === null) return null;
	const inMemory = await serverIn(folder);
	process.stderr.write("with the state in memory, ");
	try {
		return (await measured("chat", inMemory, provider)).ratio;
	} finally {
		await inMemory.close();
	}
}

/** A session over HTTP beside a plain loop of the same eight streamed calls, in milliseconds and as a ratio. */
async function measured(name: TeamName, { url, key }: Server, fake: Provider) {
	const agents = teamOf(teams[name]);
	const session = () => oneSession({ url, key, agents });
	const raw = () => rawLoop(fake.url, agents);
	await medianTimes([session, raw], pairs.warmUp);
	const [sessionMs = NaN, rawMs = NaN] = await medianTimes([session, raw], pairs.measured);
	const ratio = rounded(sessionMs / rawMs);
	process.stderr.write(`${name}: a session ${rounded(sessionMs)} ms, a raw loop ${rounded(rawMs)} ms: ${ratio}\n`);
	return { ratio, sessionMs: rounded(sessionMs), rawMs: rounded(rawMs) };
}

/** A session of ten agents and 30 calls of 2,000 pieces, at the pace of ten minutes. */
async function platformCost() {
	const { metered, seconds } = await referenceSession({ secondsPerCall });
	process.stderr.write(`the reference session in ${rounded(seconds)} s: ${JSON.stringify(metered)}\n`);
	const pace = { seconds: reference.minutes * 60, flushes: flushesIn(reference.minutes * 60) };
	return {
		rows_per_session: rowsAt(pace, metered),
		platform_usd_per_session: Number(platformUsd(pace, metered).toFixed(5)),
		rows_metered: metered.rows,
	};
}

function rounded(value: number): number {
	return Math.round(value * 100) / 100;
}
