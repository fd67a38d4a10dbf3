import type { z } from "zod";
import { bytesIn } from "../std/base64.ts";
import { exchange, jsonIn, parsed, unexplained, type Access, type Answered, type Exchange } from "./exchange.ts";
import { Created, Listing, Page, Problem, State } from "./protocol.ts";
import {
	failing,
	succeeded,
	type CommandAddress,
	type Outcome,
	type OutputPage,
	type Sandbox,
	type SandboxFailure,
} from "./sandbox.ts";

/** The self-hosted runner, or whatever else speaks its protocol. `url` has no slash at its end. */
export type RunnerAccess = Access & { readonly url: string; readonly token: string };

type Asked = Pick<Exchange, "method" | "signal"> &
	Partial<Pick<Exchange, "body" | "waitMs" | "bytesMax">> & { readonly path: string };

const name = "The sandbox runner";
/** More than any answer but a file has. */
const answerBytesMax = 4_194_304;

/** A client of one runner. */
export function runnerSandbox(access: RunnerAccess): Sandbox {
	const ask = async <T>(request: Asked, schema: z.ZodType<T>): Promise<Outcome<T>> => {
		const answered = await asked(access, request);
		return answered.ok ? parsed(answered.value, schema, name) : answered;
	};
	const tell = async (request: Asked): Promise<Outcome<null>> => {
		const answered = await asked(access, request);
		return answered.ok ? succeeded(null) : answered;
	};
	return {
		abilities: {
			kind: "runner",
			enforces: [
				"idleMs",
				"memoryBytesMax",
				"processesMax",
				"cpuPercentMax",
				"diskBytesMax",
				"fileBytesMax",
				"egressBytesMax",
			],
			egress: "list",
			separatesStreams: true,
		},
		create: (key, spec, signal) =>
			ask({ method: "PUT", path: `/v1/sandboxes/${key}`, body: JSON.stringify(spec), signal }, Created),
		start: (at, command, signal) =>
			ask({ method: "PUT", path: pathOf(at), body: JSON.stringify(command), signal }, State),
		read: async (at, { fromByte, waitMs }, signal) => {
			const path = `${pathOf(at)}?from_byte=${fromByte}&wait_ms=${waitMs}`;
			const page = await ask({ method: "GET", path, waitMs, signal }, Page);
			return page.ok ? succeeded(outputPage(page.value)) : page;
		},
		kill: (at, signal) => ask({ method: "DELETE", path: pathOf(at), signal }, State),
		put: ({ sandbox, path }, bytes, signal) =>
			tell({ method: "PUT", path: `/v1/sandboxes/${sandbox}/file?${query({ path })}`, body: bytes, signal }),
		get: ({ sandbox, path }, bytesMax, signal) => {
			const file = `/v1/sandboxes/${sandbox}/file?${query({ path, bytes_max: String(bytesMax) })}`;
			return asked(access, { method: "GET", path: file, bytesMax, signal });
		},
		list: async ({ sandbox, path }, entriesMax, signal) => {
			const listing = `/v1/sandboxes/${sandbox}/files?${query({ path, entries_max: String(entriesMax) })}`;
			const found = await ask({ method: "GET", path: listing, signal }, Listing);
			return found.ok ? succeeded(found.value.entries) : found;
		},
		destroy: (key, signal) => tell({ method: "DELETE", path: `/v1/sandboxes/${key}`, signal }),
	};
}

function pathOf({ sandbox, command }: CommandAddress): string {
	return `/v1/sandboxes/${sandbox}/commands/${command}`;
}

function query(values: Readonly<Record<string, string>>): string {
	return new URLSearchParams(values).toString();
}

function outputPage(page: z.output<typeof Page>): OutputPage {
	const pieces = page.pieces.map((piece) => {
		if (piece.type === "dropped") return piece;
		const { base64, ...rest } = piece;
		return { ...rest, bytes: bytesIn(base64) };
	});
	return { ...page, pieces };
}

/** One request. The runner does nothing twice, so who gets `unavailable` may ask again. */
async function asked(
	{ token, url, ...access }: RunnerAccess,
	{ path, ...request }: Asked,
): Promise<Outcome<Uint8Array>> {
	const answered = await exchange(
		{
			headers: { authorization: `Bearer ${token}` },
			body: null,
			waitMs: 0,
			bytesMax: answerBytesMax,
			...request,
			url: `${url}${path}`,
		},
		{ ...access, name },
	);
	if (!answered.ok) return answered;
	const { status, bytes } = answered.value;
	return status >= 200 && status < 300 ? succeeded(bytes) : failing(failureOf(answered.value));
}

function failureOf(answered: Answered): SandboxFailure {
	const problem = Problem.safeParse(jsonIn(answered.bytes));
	if (!problem.success) return unexplained(answered, name);
	const { code, detail: message, bytesMax = 0 } = problem.data;
	if (code === "unavailable") return { code, message, retryAfterMs: answered.retryAfterMs };
	return code === "too_large" ? { code, message, bytesMax } : { code, message };
}
