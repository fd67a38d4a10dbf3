import { resolve } from "node:path";
import { portIsFree } from "./free-port.ts";
import { findLocalServers, offerOf } from "./local-servers.ts";
import { oneLine } from "./one-line.ts";
import { startServer } from "./server.ts";
import { faultIn, readSettings } from "./settings.ts";
import { lockState } from "./state-lock.ts";

/** `npm start`: everything on loopback, until it is told to stop. */
const exitCodes = { stopped: 0, fault: 1, usage: 64 } as const;
/** A server that was told to stop may need a moment to leave its port and its state. */
const patienceMs = 3000;
const parentLookMs = 300;

const failed = (error: unknown) => ended(oneLine(error), exitCodes.fault);
// What nobody waits for may fail as well: the runtime.
process.once("uncaughtException", failed);
// Before the runtime is there, so that its own listeners, which give other exit codes, come second; it ends with us.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
	process.once(signal, () => process.exit(exitCodes.stopped));
// npm does not tell us when it is killed.
if (process.env["npm_lifecycle_event"] !== undefined) stopWithoutParent(process.ppid);
await start(process.cwd(), process.env).catch(failed);
process.removeListener("uncaughtException", failed);

async function start(root: string, environment: NodeJS.ProcessEnv): Promise<void> {
	const settings = readSettings(root, environment);
	const port = Number(environment["PORT"] || 8787);
	if (!Number.isInteger(port) || port < 0 || port > 65_535)
		ended(`PORT must be a whole number from 0 to 65535, not "${environment["PORT"]}".`, exitCodes.usage);
	const fault = faultIn(settings);
	if (fault !== null) ended(fault, exitCodes.usage);
	const stateDir = resolve(root, environment["MASSGEN_STATE"] || ".massgen");
	const holder = await lockState(stateDir, patienceMs);
	if (holder !== null) ended(`Process ${holder} already serves the state in ${stateDir}.`, exitCodes.fault);
	const free = await portIsFree(port, patienceMs);
	if (!free) ended(taken(port), exitCodes.fault);
	const local = await findLocalServers(settings);
	const server = await startServer({ root, stateDir, port, settings, local }).catch((error: unknown) => {
		throw isTaken(error) ? new Error(taken(port)) : error;
	});
	const offer = offerOf(local);
	if (offer !== null) process.stderr.write(`${offer}\n`);
	process.stdout.write(`ready ${server.url}/#key=${server.key}\n`);
}

function stopWithoutParent(parent: number): void {
	const look = () => void (process.ppid !== parent && process.exit(exitCodes.stopped));
	setInterval(look, parentLookMs).unref();
}

/** A port that is taken is the one fault of a start that a person can mend at once. */
function taken(port: number): string {
	return `Port ${port} of 127.0.0.1 is taken. Choose another one, like PORT=8788 npm start`;
}

function isTaken(error: unknown): boolean {
	return error instanceof Error && "code" in error && error.code === "ERR_ADDRESS_IN_USE";
}

function ended(line: string, code: number): never {
	process.stderr.write(`${line}\n`);
	process.exit(code);
}
