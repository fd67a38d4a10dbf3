import { z } from "zod";
import { egressHosts } from "./egress-hosts.ts";
import { exchange, jsonIn, parsed, unexplained, type Access, type Answered, type Exchange } from "./exchange.ts";
import { machineName } from "./posix/machine-name.ts";
import { readMark, writeMark } from "./posix/mark.ts";
import { posixSandbox } from "./posix/posix.ts";
import { unmarked, type Machine, type MakeOptions, type Ran } from "./posix/provider.ts";
import { upload } from "./posix/upload.ts";
import { failing, succeeded, type Outcome, type Sandbox, type SandboxKey, type SandboxSpec } from "./sandbox.ts";

/** Vercel Sandbox: https://vercel.com/docs/rest-api/sandboxes. `apiUrl` has no slash at its end. */
export type VercelAccess = Access & {
	readonly token: string;
	/** `https://api.vercel.com` */
	readonly apiUrl: string;
	readonly teamId: string;
	readonly projectId: string;
};

const name = "Vercel";
const answerBytesMax = 67_108_864;
const retryAfterMs = 2000;
const markMs = 15_000;

/**
 * Sandboxes of one Vercel project, in which their names are unique. One ends `idleMs` after it was made, used or not: its
 * time can only be added to.
 */
export function vercelSandbox(access: VercelAccess): Sandbox {
	return posixSandbox({
		abilities: { kind: "vercel", enforces: [], egress: "list", separatesStreams: false },
		find: async (key, signal) => {
			const sandbox = await machineName(key);
			const found = await sessionOf(access, sandbox, signal);
			if (!found.ok) return found;
			const session = found.value;
			if (session?.status === "pending") return notYet;
			if (session?.status !== "running") return succeeded([]);
			const marked = await run(access, session.id, { argv: ["/bin/sh", "-c", readMark], waitMs: markMs, signal });
			if (!marked.ok) return marked;
			const [, digest = unmarked] = marked.value.stdout.split(" ");
			return succeeded([machine(access, { sandbox, session: session.id, digest })]);
		},
		make: (key, spec, options) => make(access, { key, spec, ...options }),
		remove: async (id, signal) => {
			const [sandbox = ""] = id.split(".");
			return removed(access, sandbox, signal);
		},
	});
}

/** Answers hold both: the sandbox, which has the name, and the session, which is the machine that it has just now. */
const Described = z.object({ session: z.object({ id: z.string(), status: z.string() }) });
const notYet = failing({ code: "unavailable", retryAfterMs, message: "Vercel is still starting this sandbox." });

type Making = MakeOptions & { readonly key: SandboxKey; readonly spec: SandboxSpec };

async function make(access: VercelAccess, { key, spec, digest, signal }: Making): Promise<Outcome<Machine>> {
	const networkPolicy = policyOf(spec);
	if (networkPolicy === null)
		return failing({ code: "unsupported", message: "Vercel lets hosts through by name, without another port." });
	const sandbox = await machineName(key);
	const body = JSON.stringify({
		name: sandbox,
		projectId: access.projectId,
		// Nothing is kept once it has stopped.
		persistent: false,
		timeout: spec.limits.idleMs,
		networkPolicy,
	});
	const answered = await api(access, { method: "POST", path: "/v2/sandboxes", body, signal });
	if (!answered.ok) return answered;
	if (answered.value.status === 409) return giveWay(access, sandbox, signal);
	const made = asked(answered.value, Described);
	if (!made.ok) return made;
	if (made.value.session.status !== "running") return notYet;
	const session = made.value.session.id;
	const argv = ["/bin/sh", "-c", writeMark, "sh", `${session} ${digest}`];
	const marked = await run(access, session, { argv, waitMs: markMs, signal });
	return marked.ok ? succeeded(machine(access, { sandbox, session, digest })) : marked;
}

/** The name is taken: by one that someone else has just made, or by what is left of one that has ended. */
async function giveWay(access: VercelAccess, sandbox: string, signal: AbortSignal) {
	const found = await sessionOf(access, sandbox, signal);
	if (!found.ok) return found;
	const ended = found.value !== null && over.has(found.value.status);
	const cleared = ended ? await removed(access, sandbox, signal) : succeeded(null);
	return cleared.ok ? notYet : cleared;
}

const over = new Set(["stopped", "failed", "aborted"]);

/** Null where there is no sandbox of this name. */
async function sessionOf(access: VercelAccess, sandbox: string, signal: AbortSignal) {
	const answered = await api(access, { method: "GET", path: `/v2/sandboxes/${sandbox}`, signal });
	if (!answered.ok) return answered;
	if (answered.value.status === 404) return succeeded(null);
	const found = asked(answered.value, Described);
	return found.ok ? succeeded(found.value.session) : found;
}

/** https://vercel.com/docs/rest-api/sandboxes/create-a-named-sandbox */
function policyOf({ egress }: SandboxSpec): object | null {
	if (egress === "all") return { mode: "allow-all" };
	if (egress.length === 0) return { mode: "deny-all" };
	const allowedDomains = egressHosts(egress);
	return allowedDomains === null ? null : { mode: "custom", allowedDomains };
}

async function removed(access: VercelAccess, sandbox: string, signal: AbortSignal): Promise<Outcome<null>> {
	const answered = await api(access, { method: "DELETE", path: `/v2/sandboxes/${sandbox}`, signal });
	if (!answered.ok) return answered;
	const { status } = answered.value;
	return isFine(status) || status === 404 ? succeeded(null) : failing(unexplained(answered.value, name));
}

type Made = { readonly sandbox: string; readonly session: string; readonly digest: string };

function machine(access: VercelAccess, { sandbox, session, digest }: Made): Machine {
	const exec: Machine["exec"] = (argv, waitMs, signal) => run(access, session, { argv, waitMs, signal });
	return { id: `${sandbox}.${session}`, digest, exec, write: (...file) => upload(exec, ...file) };
}

const Command = z.object({ command: z.object({ id: z.string(), exitCode: z.int().nullish() }) });
const Line = z.object({ stream: z.string(), data: z.unknown() });

type Running = Pick<Exchange, "waitMs" | "signal"> & { readonly argv: readonly string[] };

/** Three requests: it starts, it ends, and what it wrote. */
async function run(access: VercelAccess, session: string, { argv, waitMs, signal }: Running): Promise<Outcome<Ran>> {
	const [command = "", ...args] = argv;
	const path = `/v2/sandboxes/sessions/${session}/cmd`;
	const body = JSON.stringify({ command, args, env: {}, sudo: false });
	const begun = await api(access, { method: "POST", path, body, signal });
	const started = begun.ok ? asked(begun.value, Command) : begun;
	if (!started.ok) return started;
	const of = `${path}/${started.value.command.id}`;
	const waited = await api(access, { method: "GET", path: of, query: { wait: "true" }, waitMs, signal });
	const ended = waited.ok ? asked(waited.value, Command) : waited;
	if (!ended.ok) return ended;
	const code = ended.value.command.exitCode;
	if (typeof code !== "number")
		return failing({ code: "unavailable", retryAfterMs: null, message: "Vercel did not say how a command ended." });
	const logged = await api(access, { method: "GET", path: `${of}/logs`, signal });
	if (!logged.ok) return logged;
	if (!isFine(logged.value.status)) return failing(failureOf(logged.value));
	return succeeded({ code, stdout: stdoutIn(logged.value.bytes) });
}

function stdoutIn(bytes: Uint8Array): string {
	const lines = new TextDecoder().decode(bytes).split("\n");
	const parts = lines.map((line) => {
		const read = Line.safeParse(jsonIn(new TextEncoder().encode(line)));
		return read.success && read.data.stream === "stdout" && typeof read.data.data === "string"
			? read.data.data
			: "";
	});
	return parts.join("");
}

type ApiRequest = Pick<Exchange, "method" | "signal"> & {
	readonly path: string;
	readonly body?: string;
	readonly query?: Readonly<Record<string, string>>;
	readonly waitMs?: number;
};

function api(
	{ token, apiUrl, teamId, projectId, ...access }: VercelAccess,
	{ path, body, query, waitMs = 0, ...request }: ApiRequest,
): Promise<Outcome<Answered>> {
	const search = new URLSearchParams({ teamId, projectId, ...query }).toString();
	const headers = {
		authorization: `Bearer ${token}`,
		...(body !== undefined && { "content-type": "application/json" }),
	};
	const asking = { ...request, url: `${apiUrl}${path}?${search}`, headers, body: body ?? null, waitMs };
	return exchange({ ...asking, bytesMax: answerBytesMax }, { ...access, name });
}

function asked<T>(answered: Answered, schema: z.ZodType<T>): Outcome<T> {
	return isFine(answered.status) ? parsed(answered.bytes, schema, name) : failing(failureOf(answered));
}

function isFine(status: number): boolean {
	return status >= 200 && status < 300;
}

/** 410: a session that has stopped. */
function failureOf(answered: Answered) {
	const gone = answered.status === 404 || answered.status === 410;
	return gone
		? ({ code: "gone", message: "Vercel has no such sandbox any more." } as const)
		: unexplained(answered, name);
}
