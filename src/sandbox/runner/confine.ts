import type { SandboxLimits } from "../sandbox.ts";
import type { Defences } from "./defences.ts";

/** What the host has, found once at the start. */
export type Host = {
	readonly bwrap: string;
	readonly environment: Readonly<Record<string, string | undefined>>;
	/** Where the runner is root: sandboxes run as this user and the ones after it. Null: as the runner's own user. */
	readonly firstUid: number | null;
	/** The system's folders as they are here: links to `/usr`, or folders of their own. */
	readonly system: readonly SystemFolder[];
	readonly node: string;
	/** The program that carries a sandbox's connections to the socket of its egress. */
	readonly forwarder: string;
};
export type SystemFolder = { readonly path: string; readonly linkTo: string | null };

export type Confined = {
	/** The workspace on the host. */
	readonly workspace: string;
	/** Null: the runner's own. */
	readonly uid: number | null;
	readonly limits: SandboxLimits;
	readonly timeoutMs: number;
	/** Files by which a process joins the sandbox's groups; none where the host has no groups. */
	readonly joins: readonly string[];
	/** The socket to the world outside; null where there is none. */
	readonly egressSocket: string | null;
	readonly cwd: string;
	readonly env: Readonly<Record<string, string>>;
	readonly argv: readonly string[];
};

/** `options` are for bubblewrap's `--args`, so that no process of the sandbox can read the host's paths in its command line. */
export type Launch = {
	readonly command: string;
	readonly argv: readonly string[];
	readonly options: readonly string[];
	/**
	 * Of the first process, which code in the sandbox can read from `/proc/1/environ`, whatever the command itself is given:
	 * nothing of the runner's own.
	 */
	readonly env: Readonly<Record<string, string | undefined>>;
};

/** Where a sandbox finds its files. */
export const workspacePath = "/workspace";
/** The descriptors that bubblewrap reads its options from and tells its status to. */
export const descriptors = { options: 3, status: 4 } as const;
const proxyPort = 8118;
/** Where programs are, out here and in there: the system is the same. */
export const programFolders = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** How to start this command with nothing but what it may have. */
export function confine(confined: Confined, host: Host, defences: Defences): Launch {
	const { uid, joins } = confined;
	const inner = [
		// Not under the command's limits: it is ours.
		...(confined.egressSocket === null ? [] : forwarding),
		...limited(confined, defences),
		...confined.argv,
	];
	const bwrap = [host.bwrap, "--args", String(descriptors.options), "--", ...inner];
	const user = String(uid);
	const asUser = uid === null ? [] : ["setpriv", "--reuid", user, "--regid", user, "--clear-groups"];
	return {
		env: defences.has("environment") ? { PATH: programFolders } : host.environment,
		command: "/bin/sh",
		argv: ["-c", joinAndRun, "sh", joins.join(" "), ...asUser, ...bwrap],
		options: [
			...namespaces(defences),
			"--die-with-parent",
			"--new-session",
			"--json-status-fd",
			String(descriptors.status),
			...mounts(confined, host, defences),
			...environment(confined, defences),
		],
	};
}

/** Its own process joins the groups, so that nothing ever runs outside of them. */
const joinAndRun = 'for join in $1; do echo $$ >"$join" || exit 125; done; shift; exec "$@"';

function namespaces(defences: Defences): string[] {
	return [
		"--unshare-user",
		"--unshare-ipc",
		"--unshare-uts",
		"--unshare-cgroup-try",
		...(defences.has("process_namespace") ? ["--unshare-pid"] : []),
		...(defences.has("network_namespace") ? ["--unshare-net"] : []),
		...(defences.has("nested_namespaces") ? ["--disable-userns", "--assert-userns-disabled"] : []),
		"--cap-drop",
		"ALL",
		"--hostname",
		"sandbox",
	];
}

function mounts(confined: Confined, host: Host, defences: Defences): string[] {
	const { workspace, cwd } = confined;
	if (!defences.has("mounts"))
		return ["--bind", "/", "/", "--dev-bind", "/dev", "/dev", "--chdir", inside(workspace, cwd)];
	return [
		...host.system.flatMap(({ path, linkTo }) =>
			linkTo === null ? ["--ro-bind", path, path] : ["--symlink", linkTo, path],
		),
		// Of the host's settings only what programs need to start and to check certificates.
		...["ld.so.cache", "alternatives", "ssl/certs", "localtime"].flatMap((name) => [
			"--ro-bind-try",
			`/etc/${name}`,
			`/etc/${name}`,
		]),
		// A fresh /proc can only be had for processes of our own.
		...(defences.has("process_namespace") ? ["--proc", "/proc"] : ["--ro-bind", "/proc", "/proc"]),
		"--dev",
		"/dev",
		...(defences.has("tmp_limit") ? ["--size", String(tmpBytes(confined.limits))] : []),
		"--tmpfs",
		"/tmp",
		...(defences.has("tmp_limit") ? ["--size", String(tmpBytes(confined.limits))] : []),
		"--tmpfs",
		"/dev/shm",
		"--bind",
		workspace,
		workspacePath,
		...(confined.egressSocket === null ? [] : egressMounts(confined.egressSocket, host)),
		"--remount-ro",
		"/dev",
		"--remount-ro",
		"/",
		"--chdir",
		inside(workspacePath, cwd),
	];
}

function inside(workspace: string, cwd: string): string {
	return cwd === "" ? workspace : `${workspace}/${cwd}`;
}

/** Both are memory, so half of it each at most. */
function tmpBytes({ memoryBytesMax }: SandboxLimits): number {
	return Math.floor(memoryBytesMax / 2);
}

const egressPath = "/run/massgen";

function egressMounts(socket: string, host: Host): string[] {
	return [
		["--ro-bind", host.node, `${egressPath}/node`],
		["--ro-bind", host.forwarder, `${egressPath}/forward.ts`],
		["--bind", socket, `${egressPath}/egress.sock`],
	].flat();
}

const forwarding = [
	`${egressPath}/node`,
	`${egressPath}/forward.ts`,
	`${egressPath}/egress.sock`,
	String(proxyPort),
] as const;

function environment({ env, egressSocket }: Confined, defences: Defences): string[] {
	const proxy = `http://127.0.0.1:${proxyPort}`;
	const proxies =
		egressSocket === null ? {} : { http_proxy: proxy, https_proxy: proxy, HTTP_PROXY: proxy, HTTPS_PROXY: proxy };
	const all = {
		PATH: programFolders,
		HOME: workspacePath,
		LANG: "C.UTF-8",
		TMPDIR: "/tmp",
		...proxies,
		...env,
	};
	return [
		...(defences.has("environment") ? ["--clearenv"] : []),
		...Object.entries(all).flatMap(([name, value]) => ["--setenv", name, value]),
	];
}

/**
 * Limits of single processes, set from within: only there do they count the sandbox's processes alone. Without groups they
 * are all there is; RLIMIT_DATA rather than RLIMIT_AS, as runtimes reserve far more addresses than they use.
 */
function limited({ limits, timeoutMs, joins }: Confined, defences: Defences): string[] {
	const alone = joins.length === 0;
	const cpuSeconds = Math.ceil((timeoutMs / 1000) * Math.max(1, limits.cpuPercentMax / 100)) + 1;
	return [
		"prlimit",
		"--core=0",
		...(defences.has("processes_limit") ? [`--nproc=${limits.processesMax}`] : []),
		...(defences.has("file_limit") ? [`--fsize=${limits.fileBytesMax}`] : []),
		...(alone && defences.has("memory_limit") ? [`--data=${limits.memoryBytesMax}`] : []),
		...(alone && defences.has("time_limit") ? [`--cpu=${cpuSeconds}`] : []),
		"--nofile=1024",
		"--",
	];
}
