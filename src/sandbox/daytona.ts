import { z } from "zod";
import { exchange, parsed, unexplained, type Access, type Answered, type Exchange } from "./exchange.ts";
import { posixSandbox } from "./posix/posix.ts";
import type { Machine, MakeOptions, Ran } from "./posix/provider.ts";
import { machineName } from "./posix/machine-name.ts";
import { base64Of, upload } from "./posix/upload.ts";
import { failing, succeeded, type Outcome, type Sandbox, type SandboxKey, type SandboxSpec } from "./sandbox.ts";

/** Daytona, hosted or one's own: https://www.daytona.io/docs/en/tools/api. `apiUrl` has no slash at its end. */
export type DaytonaAccess = Access & {
	readonly apiKey: string;
	/** `https://app.daytona.io/api` */
	readonly apiUrl: string;
	/** What a sandbox begins with; null: the account's default. */
	readonly snapshot: string | null;
};

const name = "Daytona";
const answerBytesMax = 67_108_864;
/** A command is one word of a shell, and no kernel takes longer ones. */
const commandCharsMax = 120_000;
const retryAfterMs = 2000;

/** Sandboxes of one Daytona organization. Their names are unique in it, so one is made for a key at most. */
export function daytonaSandbox(access: DaytonaAccess): Sandbox {
	return posixSandbox({
		abilities: { kind: "daytona", enforces: ["idleMs"], egress: "none", separatesStreams: false },
		find: async (key, signal) => {
			const answered = await api(access, { method: "GET", path: `/sandbox/${await machineName(key)}`, signal });
			if (!answered.ok) return answered;
			if (answered.value.status === 404) return succeeded([]);
			const found = asked(answered.value);
			return found.ok ? usable(access, found.value) : found;
		},
		make: (key, spec, options) => make(access, { key, spec, ...options }),
		remove: async (id, signal) => {
			const answered = await api(access, { method: "DELETE", path: `/sandbox/${id}`, signal });
			if (!answered.ok) return answered;
			const { status } = answered.value;
			return isFine(status) || status === 404 ? succeeded(null) : failing(unexplained(answered.value, name));
		},
	});
}

const labels = { spec: "massgen-spec" } as const;
const Described = z.object({
	id: z.string(),
	state: z.string().nullish(),
	toolboxProxyUrl: z.string(),
	labels: z.record(z.string(), z.string()).nullish(),
});
type Described = z.output<typeof Described>;

/** Stopping deletes it (`autoDeleteInterval: 0`), so what has stopped or is about to is none any more. */
const leaving = new Set(["stopped", "stopping", "destroyed", "destroying", "archived", "archiving", "error"]);

function usable(access: DaytonaAccess, described: Described): Outcome<readonly Machine[]> {
	if (described.state === "started") return succeeded([machine(access, described)]);
	return leaving.has(described.state ?? "") ? succeeded([]) : notYet;
}

const notYet = failing({ code: "unavailable", retryAfterMs, message: "Daytona is still starting this sandbox." });

type Making = MakeOptions & { readonly key: SandboxKey; readonly spec: SandboxSpec };

async function make(access: DaytonaAccess, { key, spec, digest, signal }: Making): Promise<Outcome<Machine>> {
	const { egress, limits } = spec;
	if (egress !== "all" && egress.length > 0)
		return failing({ code: "unsupported", message: "At Daytona a sandbox reaches all the network or none of it." });
	const body = JSON.stringify({
		name: await machineName(key),
		...(access.snapshot !== null && { snapshot: access.snapshot }),
		labels: { [labels.spec]: digest },
		public: false,
		networkBlockAll: egress !== "all",
		autoStopInterval: Math.ceil(limits.idleMs / 60_000),
		autoDeleteInterval: 0,
	});
	const answered = await api(access, { method: "POST", path: "/sandbox", body, signal });
	if (!answered.ok) return answered;
	// Someone else is making it, or the one before is still being deleted.
	if (answered.value.status === 409) return notYet;
	const made = asked(answered.value);
	if (!made.ok) return made;
	return made.value.state === "started" ? succeeded(machine(access, made.value)) : notYet;
}

const Executed = z.object({ exitCode: z.int().nullish(), result: z.string() });

function machine(access: DaytonaAccess, { id, toolboxProxyUrl, labels: given }: Described): Machine {
	const exec: Machine["exec"] = async (argv, waitMs, signal) => {
		const command = shellOf(argv);
		if (command.length > commandCharsMax)
			return failing({
				code: "too_large",
				bytesMax: commandCharsMax,
				message: "Daytona takes no command so long.",
			});
		const answered = await daytona(access, {
			method: "POST",
			url: `${toolboxProxyUrl.replace(/\/+$/, "")}/${id}/process/execute`,
			body: JSON.stringify({ command, timeout: Math.ceil(waitMs / 1000) }),
			waitMs,
			signal,
		});
		if (!answered.ok) return answered;
		if (!isFine(answered.value.status)) return failing(failureOf(answered.value));
		const executed = parsed(answered.value.bytes, Executed, name);
		if (!executed.ok) return executed;
		return succeeded({ code: executed.value.exitCode ?? 0, stdout: executed.value.result } satisfies Ran);
	};
	return { id, digest: given?.[labels.spec] ?? "", exec, write: (...file) => upload(exec, ...file) };
}

/**
 * Versions of the daemon differ in whether a shell reads the command or they split it themselves: in base64 there is
 * nothing that either could take for something else. The result has both streams, so errors are kept out of it.
 */
function shellOf(argv: readonly string[]): string {
	const words = argv.map((word) => `'${word.replaceAll("'", `'"'"'`)}'`).join(" ");
	return `sh -c "echo ${base64Of(new TextEncoder().encode(`exec 2>/dev/null; ${words}`))} | base64 -d | sh"`;
}

type ApiRequest = Pick<Exchange, "method" | "signal"> & { readonly path: string; readonly body?: string };

function api(access: DaytonaAccess, { path, body, ...request }: ApiRequest): Promise<Outcome<Answered>> {
	return daytona(access, { ...request, url: `${access.apiUrl}${path}`, body: body ?? null, waitMs: 0 });
}

function daytona(
	{ apiKey, ...access }: DaytonaAccess,
	request: Omit<Exchange, "headers" | "bytesMax">,
): Promise<Outcome<Answered>> {
	const headers = {
		authorization: `Bearer ${apiKey}`,
		...(request.body !== null && { "content-type": "application/json" }),
	};
	return exchange({ ...request, headers, bytesMax: answerBytesMax }, { ...access, name });
}

function asked(answered: Answered): Outcome<Described> {
	return isFine(answered.status) ? parsed(answered.bytes, Described, name) : failing(failureOf(answered));
}

function isFine(status: number): boolean {
	return status >= 200 && status < 300;
}

function failureOf(answered: Answered) {
	if (answered.status === 404) return { code: "gone", message: "Daytona has no such sandbox any more." } as const;
	return unexplained(answered, name);
}
