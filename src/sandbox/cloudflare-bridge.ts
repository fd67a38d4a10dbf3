import { z } from "zod";
import { exchange, jsonIn, unexplained, type Access, type Answered, type Exchange } from "./exchange.ts";
import { readMark, writeMark } from "./posix/mark.ts";
import { posixSandbox } from "./posix/posix.ts";
import type { Machine, MakeOptions, Ran } from "./posix/provider.ts";
import { failing, succeeded, type Outcome, type Sandbox, type SandboxKey, type SandboxSpec } from "./sandbox.ts";

/**
 * The bridge that one deploys oneself in front of Cloudflare's sandboxes:
 * https://developers.cloudflare.com/sandbox/bridge/http-api/. `url` has no slash at its end.
 */
export type BridgeAccess = Access & { readonly url: string; readonly apiKey: string };

const name = "The Cloudflare sandbox bridge";
/** All that its file routes reach, and where commands begin. */
const home = "/workspace";
const answerBytesMax = 67_108_864;

/**
 * Sandboxes of one bridge. It makes no difference between a sandbox that is there and one that is not: any id gets a
 * container. So a mark in its files says that it was made, and is gone with them when the container has slept.
 */
export function bridgeSandbox(access: BridgeAccess): Sandbox {
	return posixSandbox({
		abilities: { kind: "cloudflare-bridge", enforces: [], egress: "all", separatesStreams: false },
		find: async (key, signal) => {
			const id = await idOf(key);
			const marked = await run(access, id, { argv: ["/bin/sh", "-c", readMark], waitMs: markMs, signal });
			if (!marked.ok) return marked;
			const [incarnation = "", digest = ""] = marked.value.stdout.split(" ");
			return succeeded(incarnation === "" ? [] : [machine(access, { id, incarnation, digest })]);
		},
		make: (key, spec, options) => make(access, { key, spec, ...options }),
		remove: async (incarnation, signal) => {
			const [id = ""] = incarnation.split(".");
			const answered = await bridge(access, { method: "DELETE", path: `/v1/sandbox/${id}`, signal });
			if (!answered.ok) return answered;
			const { status } = answered.value;
			return status === 204 || status === 404 ? succeeded(null) : failing(unexplained(answered.value, name));
		},
	});
}

const markMs = 15_000;
type Making = MakeOptions & { readonly key: SandboxKey; readonly spec: SandboxSpec };

async function make(access: BridgeAccess, { key, spec, digest, signal }: Making): Promise<Outcome<Machine>> {
	if (spec.egress !== "all")
		return failing({
			code: "unsupported",
			message: "What the sandboxes of a Cloudflare bridge reach is set in the bridge, not for each of them.",
		});
	const id = await idOf(key);
	const mark = `${id}.${crypto.randomUUID()} ${digest}`;
	const argv = ["/bin/sh", "-c", writeMark, "sh", mark];
	const marked = await run(access, id, { argv, waitMs: markMs, signal });
	if (!marked.ok) return marked;
	const [incarnation = "", found = ""] = marked.value.stdout.split(" ");
	return succeeded(machine(access, { id, incarnation, digest: found }));
}

/** Ids there are in base32 (RFC 4648, small). */
async function idOf(key: SandboxKey): Promise<string> {
	const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(key)));
	return Array.from(digest, (byte) => "abcdefghijklmnopqrstuvwxyz234567"[byte % 32]).join("");
}

type Marked = { readonly id: string; readonly incarnation: string; readonly digest: string };

function machine(access: BridgeAccess, { id, incarnation, digest }: Marked): Machine {
	return {
		id: incarnation,
		digest,
		exec: async (argv, waitMs, signal) => {
			// A container that has slept is another one, which has to be made anew rather than filled with pieces.
			const guarded = [...guard, incarnation, ...argv];
			const ran = await run(access, id, { argv: guarded, waitMs, signal });
			return ran.ok && ran.value.code === strange ? gone : ran;
		},
		write: async (path, bytes, signal) => {
			const file = `/v1/sandbox/${id}/file${home}/${path}`;
			const headers = { "content-type": "application/octet-stream" };
			const answered = await bridge(access, { method: "PUT", path: file, body: bytes, headers, signal });
			if (!answered.ok) return answered;
			return answered.value.status === 200 ? succeeded(null) : failing(unexplained(answered.value, name));
		},
	};
}

const strange = 86;
const guard = [
	"/bin/sh",
	"-c",
	`mine=$1; shift; case "$(cat massgen/mark 2>/dev/null)" in "$mine "*) exec "$@";; *) exit ${strange};; esac`,
	"sh",
] as const;
const gone = failing({ code: "gone", message: "The container of this sandbox is another one by now." });

type Running = Pick<Exchange, "waitMs" | "signal"> & { readonly argv: readonly string[] };

async function run(access: BridgeAccess, id: string, { argv, waitMs, signal }: Running): Promise<Outcome<Ran>> {
	const body = JSON.stringify({ argv, timeout_ms: waitMs, cwd: home });
	const headers = { "content-type": "application/json" };
	const path = `/v1/sandbox/${id}/exec`;
	const answered = await bridge(access, { method: "POST", path, body, headers, waitMs, signal });
	if (!answered.ok) return answered;
	return answered.value.status === 200 ? ranFrom(answered.value.bytes) : failing(unexplained(answered.value, name));
}

const Exit = z.object({ exit_code: z.int() });

/** Server-sent events, all of them at once: `stdout` in base64, and `exit` or `error` at the end. */
function ranFrom(bytes: Uint8Array): Outcome<Ran> {
	let stdout = "";
	for (const block of new TextDecoder().decode(bytes).split(/\r?\n\r?\n/)) {
		const event = /^event: ?(.*)$/m.exec(block)?.[1];
		const data = [...block.matchAll(/^data: ?(.*)$/gm)].map(([, line = ""]) => line).join("\n");
		if (event === "stdout") stdout += atob(data);
		if (event !== "exit") continue;
		const exit = Exit.safeParse(jsonIn(new TextEncoder().encode(data)));
		if (exit.success) return succeeded({ code: exit.data.exit_code, stdout });
	}
	return failing({ code: "unavailable", retryAfterMs: null, message: `${name} broke off a command.` });
}

type Asked = Pick<Exchange, "method" | "signal"> &
	Partial<Pick<Exchange, "body" | "headers" | "waitMs">> & { readonly path: string };

function bridge(
	{ url, apiKey, ...access }: BridgeAccess,
	{ path, headers, ...request }: Asked,
): Promise<Outcome<Answered>> {
	const authorized = { authorization: `Bearer ${apiKey}`, ...headers };
	return exchange(
		{ body: null, waitMs: 0, bytesMax: answerBytesMax, ...request, url: `${url}${path}`, headers: authorized },
		{ ...access, name },
	);
}
