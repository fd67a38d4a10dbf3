import { z } from "zod";
import { egressHosts } from "./egress-hosts.ts";
import { exchange, parsed, unexplained, type Access, type Answered, type Exchange } from "./exchange.ts";
import { posixSandbox } from "./posix/posix.ts";
import type { Machine, MakeOptions, Ran } from "./posix/provider.ts";
import { failing, succeeded, type Outcome, type Sandbox, type SandboxKey, type SandboxSpec } from "./sandbox.ts";

/** E2B, hosted or one's own: https://e2b.dev/docs/api-reference. Base addresses have no slash at their end. */
export type E2bAccess = Access & {
	readonly apiKey: string;
	/** `https://api.e2b.app` */
	readonly apiUrl: string;
	/** `https://sandbox.e2b.app`: one host for the inside of all sandboxes, told apart by headers. */
	readonly sandboxUrl: string;
	readonly template: string;
};

const name = "E2B";
const user = "user";
/** The daemon inside a sandbox, which runs commands and has the files. */
const daemonPort = "49983";
const answerBytesMax = 67_108_864;
const pageMax = 100;

/** Sandboxes of one E2B account. */
export function e2bSandbox(access: E2bAccess): Sandbox {
	return posixSandbox({
		abilities: { kind: "e2b", enforces: ["idleMs"], egress: "list", separatesStreams: false },
		find: async (key, signal) => {
			// The filter is a query of its own within the query, each name and value of it encoded once more.
			const filter = encodeURIComponent(new URLSearchParams({ [labels.key]: key }).toString());
			const path = `/v2/sandboxes?metadata=${filter}&state=running&limit=${pageMax}`;
			const answered = await api(access, { method: "GET", path, signal });
			const listed = answered.ok ? asked(answered.value, z.array(Listed)) : answered;
			if (!listed.ok) return listed;
			const mine = listed.value.filter(({ metadata }) => metadata?.[labels.key] === key);
			const oldestFirst = mine.toSorted((a, b) => order(a, b));
			const machines = oldestFirst.map((one) =>
				machine(access, one.sandboxID, one.metadata?.[labels.spec] ?? ""),
			);
			return succeeded(machines);
		},
		make: (key, spec, options) => make(access, { key, spec, ...options }),
		remove: async (id, signal) => {
			const answered = await api(access, { method: "DELETE", path: `/sandboxes/${id}`, signal });
			if (!answered.ok) return answered;
			const gone = answered.value.status === 204 || answered.value.status === 404;
			return gone ? succeeded(null) : failing(unexplained(answered.value, name));
		},
	});
}

const labels = { key: "massgen-key", spec: "massgen-spec" } as const;
const Listed = z.object({
	sandboxID: z.string(),
	startedAt: z.string(),
	metadata: z.record(z.string(), z.string()).nullish(),
});
const Connected = z.object({ sandboxID: z.string(), envdAccessToken: z.string().nullish() });

function order(a: z.output<typeof Listed>, b: z.output<typeof Listed>): number {
	const [first, second] = [`${a.startedAt} ${a.sandboxID}`, `${b.startedAt} ${b.sandboxID}`];
	return first < second ? -1 : first > second ? 1 : 0;
}

type Making = MakeOptions & { readonly key: SandboxKey; readonly spec: SandboxSpec };

async function make(access: E2bAccess, { key, spec, digest, signal }: Making): Promise<Outcome<Machine>> {
	const network = networkOf(spec);
	if (network === null)
		return failing({
			code: "unsupported",
			message: "E2B lets a host through on ports 80 and 443 only, by its name.",
		});
	const timeout = Math.ceil(spec.limits.idleMs / 1000);
	const body = JSON.stringify({
		templateID: access.template,
		timeout,
		secure: true,
		metadata: { [labels.key]: key, [labels.spec]: `${digest}.${timeout}` },
		...network,
	});
	const answered = await api(access, { method: "POST", path: "/sandboxes", body, signal });
	const made = answered.ok ? asked(answered.value, Connected) : answered;
	return made.ok ? succeeded(machine(access, made.value.sandboxID, `${digest}.${timeout}`)) : made;
}

/** https://e2b.dev/docs/network/internet-access: names only where all else is denied, and only for the web's own ports. */
function networkOf({ egress }: SandboxSpec): object | null {
	if (egress === "all") return { allow_internet_access: true };
	if (egress.length === 0) return { allow_internet_access: false };
	const hosts = egressHosts(egress);
	return hosts === null ? null : { network: { allowOut: hosts, denyOut: ["0.0.0.0/0"] } };
}

/** Its label ends in the seconds that each use of it gives it again. */
function machine(access: E2bAccess, id: string, label: string): Machine {
	const [digest = "", seconds = "300"] = label.split(".");
	/** Using it lengthens its life, and tells the token of its daemon. */
	const connect = async (signal: AbortSignal): Promise<Outcome<string>> => {
		const body = JSON.stringify({ timeout: Number(seconds) });
		const answered = await api(access, { method: "POST", path: `/sandboxes/${id}/connect`, body, signal });
		const connected = answered.ok ? asked(answered.value, Connected) : answered;
		return connected.ok ? succeeded(connected.value.envdAccessToken ?? "") : connected;
	};
	const daemon = async (
		request: Pick<Exchange, "body" | "waitMs" | "signal"> & Daemon,
	): Promise<Outcome<Answered>> => {
		const token = await connect(request.signal);
		if (!token.ok) return token;
		const { path, headers, ...rest } = request;
		return exchange(
			{
				...rest,
				method: "POST",
				url: `${access.sandboxUrl}${path}`,
				bytesMax: answerBytesMax,
				headers: {
					...headers,
					"e2b-sandbox-id": id,
					"e2b-sandbox-port": daemonPort,
					"x-access-token": token.value,
					// Which of the machine's users: a name without a password.
					authorization: `Basic ${btoa(`${user}:`)}`,
				},
			},
			{ ...access, name },
		);
	};
	return {
		id,
		digest,
		exec: async ([cmd = "", ...args], waitMs, signal) => {
			// Without a folder it runs in the home of its user, and files are meant from there as well.
			const body = enveloped(JSON.stringify({ process: { cmd, args }, stdin: false }));
			const headers = {
				"content-type": "application/connect+json",
				"connect-protocol-version": "1",
				"connect-timeout-ms": String(waitMs),
			};
			const answered = await daemon({ path: "/process.Process/Start", headers, body, waitMs, signal });
			if (!answered.ok) return answered;
			return answered.value.status === 200 ? ranFrom(answered.value.bytes) : failing(failureOf(answered.value));
		},
		write: async (path, bytes, signal) => {
			const form = new FormData();
			form.append("file", new Blob([bytes]), "file");
			const query = new URLSearchParams({ path, username: user }).toString();
			const answered = await daemon({ path: `/files?${query}`, headers: {}, body: form, waitMs: 0, signal });
			if (!answered.ok) return answered;
			return answered.value.status === 200 ? succeeded(null) : failing(failureOf(answered.value));
		},
	};
}

type Daemon = { readonly path: string; readonly headers: Readonly<Record<string, string>> };
type ApiRequest = Pick<Exchange, "method" | "signal"> & { readonly path: string; readonly body?: string };

function api({ apiUrl, apiKey, ...access }: E2bAccess, { path, body = "", ...request }: ApiRequest) {
	const headers = { "x-api-key": apiKey, ...(body !== "" && { "content-type": "application/json" }) };
	return exchange(
		{
			...request,
			url: `${apiUrl}${path}`,
			headers,
			body: body === "" ? null : body,
			waitMs: 0,
			bytesMax: answerBytesMax,
		},
		{ ...access, name },
	);
}

function asked<T>(answered: Answered, schema: z.ZodType<T>): Outcome<T> {
	const fine = answered.status >= 200 && answered.status < 300;
	return fine ? parsed(answered.bytes, schema, name) : failing(failureOf(answered));
}

/** A sandbox that has ended is not found, or the host in front of it says that nobody is there. */
function failureOf(answered: Answered) {
	const gone = answered.status === 404 || answered.status === 502;
	return gone
		? ({ code: "gone", message: "E2B has no such sandbox any more." } as const)
		: unexplained(answered, name);
}

/** https://connectrpc.com/docs/protocol: flags in one byte, the length in four, then the message. */
function enveloped(message: string): Uint8Array {
	const bytes = new TextEncoder().encode(message);
	const envelope = new Uint8Array(prefixBytes + bytes.length);
	new DataView(envelope.buffer).setUint32(1, bytes.length);
	envelope.set(bytes, prefixBytes);
	return envelope;
}
const prefixBytes = 5;
const endOfStream = 0b10;

const Event = z.object({
	event: z
		.object({
			data: z.object({ stdout: z.base64().nullish() }).nullish(),
			/** What is zero is left out. */
			end: z.object({ exitCode: z.int().nullish() }).nullish(),
		})
		.nullish(),
});

function ranFrom(bytes: Uint8Array): Outcome<Ran> {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	let stdout = "";
	let code: number | null = null;
	for (let at = 0; at + prefixBytes <= bytes.length;) {
		const length = view.getUint32(at + 1);
		const message = bytes.subarray(at + prefixBytes, at + prefixBytes + length);
		const last = (view.getUint8(at) & endOfStream) !== 0;
		at += prefixBytes + length;
		if (last) break;
		const event = parsed(message, Event, name);
		if (!event.ok) return event;
		stdout += atob(event.value.event?.data?.stdout ?? "");
		const end = event.value.event?.end;
		if (end) code = end.exitCode ?? 0;
	}
	if (code !== null) return succeeded({ code, stdout });
	return failing({ code: "unavailable", retryAfterMs: null, message: "E2B broke off a command." });
}
