import { resolve } from "node:path";
import { findLocalServers, offerOf } from "./local-servers.ts";
import { startServer } from "./server.ts";
import { readSettings } from "./settings.ts";

/** `npm start`: everything on loopback, until it is told to stop. */
const root = process.cwd();
const settings = readSettings(root, process.env);
const port = Number(process.env["PORT"] ?? 8787);
if (!Number.isInteger(port) || port < 0 || port > 65_535) {
	process.stderr.write(`PORT must be a whole number from 0 to 65535, not "${process.env["PORT"]}".\n`);
	process.exit(64);
}
const local = await findLocalServers(settings);
const stateDir = resolve(root, process.env["MASSGEN_STATE"] ?? ".massgen");
const server = await startServer({ root, stateDir, port, settings, local }).catch(taken);
const offer = offerOf(local);
if (offer !== null) process.stderr.write(`${offer}\n`);
process.stdout.write(`ready ${server.url}/#key=${server.key}\n`);

for (const signal of ["SIGINT", "SIGTERM"] as const)
	process.once(signal, () => void server.close().then(() => process.exit(0)));

/** A port that is taken is the one fault of a start that a person can mend at once. */
function taken(error: unknown): never {
	if (!(error instanceof Error && "code" in error && error.code === "ERR_ADDRESS_IN_USE")) throw error;
	process.stderr.write(`Port ${port} of 127.0.0.1 is taken. Choose another one, like PORT=8788 npm start\n`);
	process.exit(1);
}
