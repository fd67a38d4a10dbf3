import { spawn } from "node:child_process";
import { constants } from "node:os";
import { connect, createServer } from "node:net";

/**
 * Runs inside a sandbox, which has no network: listens on the loopback of its namespace, carries each connection to the
 * runner's socket, and runs the command beside it. It guards nothing; the runner's side of the socket does.
 */
const [socketPath = "", port = "", command = "", ...argv] = process.argv.slice(2);
const connectionsMax = 64;
const notFound = 127;
const signalled = 128;

const listening = createServer((inner) => {
	const outer = connect(socketPath);
	for (const end of [inner, outer])
		end.once("error", () => {
			inner.destroy();
			outer.destroy();
		});
	inner.pipe(outer);
	outer.pipe(inner);
});
listening.maxConnections = connectionsMax;
listening.listen(Number(port), "127.0.0.1", () => {
	const child = spawn(command, argv, { stdio: "inherit" });
	child.once("error", (error) => {
		process.stderr.write(`${error.message}\n`);
		process.exit(notFound);
	});
	// As a shell has it.
	child.once("exit", (code, signal) =>
		process.exit(code ?? signalled + (signal === null ? 0 : signalNumber(signal))),
	);
});

function signalNumber(signal: NodeJS.Signals): number {
	return constants.signals[signal];
}
