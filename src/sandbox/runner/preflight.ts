import {
	accessSync,
	chmodSync,
	constants,
	existsSync,
	lstatSync,
	mkdirSync,
	readFileSync,
	readlinkSync,
	rmSync,
} from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { SandboxLimits } from "../sandbox.ts";
import { confine, programFolders, workspacePath, type Host, type SystemFolder } from "./confine.ts";
import { allDefences } from "./defences.ts";
import { noGroup } from "./groups.ts";
import { run } from "./running.ts";
import type { RunnerSettings } from "./settings.ts";

/** A runner that cannot confine what it runs does not start, and says what is missing. */
export async function inspectHost(
	settings: RunnerSettings,
	environment: Readonly<Record<string, string | undefined>>,
	folders: string = programFolders,
): Promise<Host | { readonly fault: string }> {
	if (process.platform !== "linux") return { fault: "The runner needs Linux: it confines with namespaces." };
	const bwrap = programIn("bwrap", folders);
	if (bwrap === null)
		return {
			fault: "bubblewrap is not installed: `apt-get install bubblewrap`, `dnf install bubblewrap` or `apk add bubblewrap`.",
		};
	const lacking = ["prlimit", "setpriv"].filter((name) => programIn(name, folders) === null);
	if (lacking.length > 0) return { fault: `${lacking.join(" and ")} is missing: \`apt-get install util-linux\`.` };
	const wrongUser = userFault(settings);
	if (wrongUser !== null) return { fault: wrongUser };
	mkdirSync(settings.stateDir, { recursive: true });
	// Sandboxes' users pass through it to their own workspace, and see nothing on the way.
	chmodSync(settings.stateDir, 0o711);
	if (settings.stateDir.length > stateDirCharsMax)
		return {
			fault: `SANDBOX_STATE is too long a path for the sockets in it: at most ${stateDirCharsMax} characters.`,
		};
	const host: Host = {
		bwrap,
		environment,
		firstUid: settings.firstUid,
		system: systemFolders(),
		node: process.execPath,
		forwarder: fileURLToPath(new URL("forward.ts", import.meta.url).href),
	};
	const refused = await tryOut(host, settings);
	return refused === null ? host : { fault: `Nothing can be confined on this host: ${refused}. ${advice}` };
}

function userFault({ firstUid, sandboxesMax }: RunnerSettings): string | null {
	const root = process.getuid?.() === 0;
	if (root && firstUid === null)
		return `As root, sandboxes need users of their own: SANDBOX_FIRST_UID=200000 gives them ${sandboxesMax} from there on, which nobody else may use. Or start the runner as another user.`;
	if (firstUid === null) return null;
	if (!root)
		return "SANDBOX_FIRST_UID is for a runner that is root: nobody else can start a process as another user.";
	const users = readFileSync("/etc/passwd", "utf8").split("\n");
	const taken = users.find((line) => {
		const uid = Number(line.split(":")[2] ?? Number.NaN);
		return uid >= firstUid && uid < firstUid + sandboxesMax;
	});
	if (taken === undefined) return null;
	return `SANDBOX_FIRST_UID=${firstUid}: the user ${taken.split(":")[0]} is among the ${sandboxesMax} from there on, and would share what its sandbox has.`;
}

/** A socket's path has at most 107 bytes: unix(7). */
const stateDirCharsMax = 70;
const advice =
	"User namespaces have to be allowed (sysctl user.max_user_namespaces, kernel.apparmor_restrict_unprivileged_userns=0; in a container seccomp=unconfined and systempaths=unconfined), and the state directory has to be reachable for the sandboxes' users.";

const trialLimits: SandboxLimits = {
	idleMs: 1000,
	memoryBytesMax: 268_435_456,
	processesMax: 64,
	cpuPercentMax: 100,
	diskBytesMax: 1_048_576,
	fileBytesMax: 1_048_576,
	egressBytesMax: 0,
};
const trialTimeoutMs = 10_000;

/** Runs the very chain that commands will run in. */
async function tryOut(host: Host, settings: RunnerSettings): Promise<string | null> {
	const workspace = join(settings.stateDir, `trial-${process.pid}`);
	mkdirSync(workspace, { mode: 0o755, recursive: true });
	const confined = {
		workspace,
		uid: settings.firstUid,
		limits: trialLimits,
		timeoutMs: trialTimeoutMs,
		joins: [],
		egressSocket: null,
		cwd: "",
		env: {},
		argv: [
			"/bin/sh",
			"-c",
			"find . -maxdepth 0 -printf '%y' && realpath -m . && head -zn 1 </dev/null && mktemp -u >/dev/null",
		],
	};
	let output = "";
	const ending = await run(confine(confined, host, allDefences), {
		stdin: new Uint8Array(),
		timeoutMs: trialTimeoutMs,
		group: noGroup,
		take: (_, bytes) => void (output += bytes.toString()),
		kills: "group",
	}).ended;
	rmSync(workspace, { recursive: true, force: true });
	if (ending.status === "exited" && ending.code === 0 && output === `d${workspacePath}\n`) return null;
	return ending.status === "not_started"
		? ending.message
		: `a trial ended with ${JSON.stringify(ending)} ${output.trim()}`;
}

function programIn(name: string, folders: string): string | null {
	const candidates = folders.split(":").map((folder) => join(folder, name));
	return candidates.find(isProgram) ?? null;
}

function isProgram(path: string): boolean {
	try {
		accessSync(path, constants.X_OK);
		return true;
	} catch {
		return false;
	}
}

/** What is a link here is one in there: distributions differ in whether `/bin` is `/usr/bin`. */
function systemFolders(): readonly SystemFolder[] {
	return ["/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64"]
		.filter((path) => existsSync(path))
		.map((path) => ({ path, linkTo: lstatSync(path).isSymbolicLink() ? readlinkSync(path) : null }));
}
