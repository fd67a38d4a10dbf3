import { allDefences } from "./defences.ts";
import { inspectHost } from "./preflight.ts";
import { realWorld, startRunner } from "./server.ts";
import { readRunnerSettings } from "./settings.ts";

/** `npm run sandbox`: runs what agents write, on this host, until it is told to stop. */
const exitCodes = { stopped: 0, fault: 1, usage: 64 } as const;
const requestTimeoutMs = 60_000;

const settings = readRunnerSettings(process.env);
if ("fault" in settings) ended(settings.fault, exitCodes.usage);
const host = await inspectHost(settings, process.env);
if ("fault" in host) ended(host.fault, exitCodes.fault);
const runner = await startRunner({
	settings,
	host,
	defences: allDefences,
	world: realWorld,
	requestTimeoutMs,
	cgroupRoot: "/sys/fs/cgroup",
}).catch((error: unknown) => ended(error instanceof Error ? error.message : String(error), exitCodes.fault));
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
	process.once(signal, () => void runner.close().then(() => process.exit(exitCodes.stopped)));
process.stdout.write(`ready ${runner.url}\n`);

function ended(line: string, code: number): never {
	process.stderr.write(`${line}\n`);
	process.exit(code);
}
