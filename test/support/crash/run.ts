import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { chanceOf, type Chance } from "../simulation/chance.ts";
import { startProcess, type Started } from "../start-process.ts";
import { followed, wholeLog, type Address, type Followed } from "./follower.ts";
import { startPayingProvider, type PayingProvider } from "./provider.ts";
import { endOf, type Ended } from "./report.ts";
import { teamKinds, type TeamKind } from "./teams.ts";

export type CrashOptions = {
	readonly root: string;
	readonly kills: number;
	readonly seed: number;
	/** Told of each kill, as it is over. */
	readonly told: (line: string) => void;
};

export type Crashed = { readonly sessions: readonly Ended[]; readonly listed: number; readonly resumed: number };

const lanes = 6;
const sessionsMax = 600;
/** A kill comes so long after the server answered. A call takes at most two seconds, so few are lost twice. */
const upMs = { min: 2200, max: 5500 } as const;
const secondsMax = { perKill: 20, besides: 120 } as const;

type Run = CrashOptions & {
	readonly provider: PayingProvider;
	readonly environment: Readonly<Record<string, string>>;
	readonly deadline: AbortSignal;
	readonly chance: Chance;
};

/** Kills the server again and again while sessions run, lets them come to their ends, and looks at what is left of them. */
export async function crashRun(options: CrashOptions): Promise<Crashed> {
	const chance = chanceOf(options.seed);
	const stateDir = await mkdtemp(join(tmpdir(), "massgen-crash-"));
	const provider = await startPayingProvider(chance);
	const environment = { ...provider.settings, MASSGEN_STATE: stateDir, PORT: String(await freePort()) };
	const deadline = AbortSignal.timeout((secondsMax.perKill * options.kills + secondsMax.besides) * 1000);
	let server: Started | null = null;
	try {
		const run: Run = { ...options, provider, environment, deadline, chance };
		server = await startProcess(options.root, environment);
		const address: Address = { url: server.url, key: server.key };
		const unkilled = await withoutKills(run, address);
		const asking = { go: true };
		const asked = Promise.all(Array.from({ length: lanes }, (_, lane) => inTurn(run, address, { lane, asking })));
		// Whoever fails first ends the run; the other must not be a failure that nobody hears.
		asked.catch(() => {});
		for (let kill = 1; kill <= options.kills; kill += 1) {
			server = await killed(run, server);
			options.told(`kill ${kill}`);
		}
		asking.go = false;
		const sessions = (await asked).flat();
		const ended = await Promise.all(sessions.map((session) => endedOf(run, address, { session, unkilled })));
		return { sessions: ended, listed: await countListed(address), resumed: provider.resumed() };
	} finally {
		await server?.kill();
		await provider.close();
		await rm(stateDir, { recursive: true, force: true });
	}
}

type Unkilled = Readonly<Record<TeamKind, Ended["unkilled"]>>;

/** What the same questions cost, and how they end, on a server that nobody kills. */
async function withoutKills({ provider, deadline }: Run, address: Address): Promise<Unkilled> {
	const each = teamKinds.map(async (kind, at) => {
		const session = sessionsMax + 1 + at;
		const { lines } = await followed(address, { session, kind }, deadline);
		const resumable = provider.resumable(session).paid;
		return [kind, { paid: provider.paidBy(session), resumable, end: endOf(lines) }] as const;
	});
	return Object.fromEntries(await Promise.all(each)) as Record<TeamKind, Ended["unkilled"]>;
}

/** One session after the other, each of the next kind, until it is enough. */
async function inTurn(
	{ deadline }: Run,
	address: Address,
	{ lane, asking }: { readonly lane: number; readonly asking: { readonly go: boolean } },
): Promise<readonly Followed[]> {
	const done: Followed[] = [];
	for (let session = lane + 1; asking.go && session <= sessionsMax; session += lanes) {
		const kind = teamKinds[(lane + done.length) % teamKinds.length] ?? "chat";
		done.push(await followed(address, { session, kind }, deadline));
	}
	return done;
}

/** `kill -9` for all its processes at a moment of chance, and the next start on the same state and port. */
async function killed({ root, environment, provider, chance, deadline }: Run, server: Started): Promise<Started> {
	await sleep(chance.between(upMs.min, upMs.max));
	deadline.throwIfAborted();
	const atMs = Date.now();
	await server.kill();
	provider.killed(atMs);
	return startProcess(root, environment);
}

async function endedOf(
	{ provider, deadline }: Run,
	address: Address,
	{ session, unkilled }: { readonly session: Followed; readonly unkilled: Unkilled },
): Promise<Ended> {
	return {
		...session,
		log: await wholeLog(address, session.id, deadline),
		paid: provider.paidBy(session.session),
		openAtKills: provider.openAtKills(session.session),
		resumable: provider.resumable(session.session),
		unkilled: unkilled[session.kind],
	};
}

/** However often a session was asked for, it was made once; those without kills are left out. */
async function countListed({ url, key }: Address): Promise<number> {
	let [count, cursor]: [number, string | null] = [-teamKinds.length, null];
	for (let page = 0; page < sessionsMax; page += 1) {
		const query: string = cursor === null ? "" : `&cursor=${cursor}`;
		const response = await fetch(`${url}/v1/sessions?limit=100${query}`, {
			headers: { authorization: `Bearer ${key}` },
		});
		const listed: { readonly sessions: readonly unknown[]; readonly cursor: string | null } = await response.json();
		count += listed.sessions.length;
		cursor = listed.cursor;
		if (cursor === null) break;
	}
	return count;
}

/** One port for all starts: clients come back to where they were. */
function freePort(): Promise<number> {
	return new Promise((found, failed) => {
		const probe = createServer();
		probe.once("error", failed);
		probe.listen(0, "127.0.0.1", () => {
			const address = probe.address();
			probe.close(() => found(typeof address === "object" && address !== null ? address.port : 0));
		});
	});
}
