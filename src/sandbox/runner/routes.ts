import { bounds, GetQuery, ListQuery, PathQuery, ReadQuery, Spec, StartCommand } from "../protocol.ts";
import { commandKey, failing, sandboxKey, type CommandKey, type Outcome, type SandboxKey } from "../sandbox.ts";
import type { z } from "zod";
import { killCommand, readCommand, startCommand } from "./commands.ts";
import { getFile, listFiles, putFile } from "./files.ts";
import { describeProtocol } from "./openapi.ts";
import type { Method, operations, Path } from "./operations.ts";
import { problemOf, type Answer } from "./respond.ts";
import type { Box, Ground } from "./box.ts";
import type { Sandboxes } from "./sandboxes.ts";

/** A request, its body not read yet. */
export type Asked = {
	readonly method: string;
	readonly pathname: string;
	readonly query: URLSearchParams;
	/** Reads the body, at most so many bytes of it. */
	readonly body: (bytesMax: number) => Promise<Outcome<Uint8Array>>;
};

export type Open = { readonly sandboxes: Sandboxes; readonly ground: Ground };

type Keys = { readonly sandbox: SandboxKey; readonly command: CommandKey };
type Route = (asked: Asked, keys: Keys, open: Open) => Promise<Answer>;

/** What needs no token. */
export const publicPaths: readonly string[] = ["/healthz", "/openapi.json"] satisfies Path[];

/** Finds out what was asked for, and does it. */
export async function answer(asked: Asked, open: Open): Promise<Answer> {
	for (const { path, pattern } of patterns) {
		const match = pattern.exec(asked.pathname);
		if (match === null) continue;
		const method = asked.method.toLowerCase();
		const route = Object.entries(routes[path]).find(([verb]) => verb === method)?.[1];
		if (route === undefined) return notHere(405, "This cannot be done here.");
		const keys = keysOf(match.groups ?? {});
		return keys === null ? notHere(404, noKey) : route(asked, keys, open);
	}
	return notHere(404, "There is nothing at this path: see /openapi.json.");
}

const noKey = "A key is 1 to 128 letters, digits and . _ : - and begins with a letter or digit.";

const routes: { readonly [path in Path]: { readonly [method in keyof (typeof operations)[path] & Method]: Route } } = {
	"/v1/sandboxes/{key}": {
		put: async (asked, keys, { sandboxes }) =>
			withBody(asked, Spec, async (spec) => json(await sandboxes.create(keys.sandbox, spec))),
		delete: async (_, keys, { sandboxes }) => {
			await sandboxes.destroy(keys.sandbox);
			return { type: "nothing" };
		},
	},
	"/v1/sandboxes/{key}/commands/{command}": {
		put: async (asked, keys, open) =>
			withBody(asked, StartCommand, async (command) =>
				inBox(keys, open, async (box) => json(startCommand(box, keys.command, command, open.ground))),
			),
		get: async (asked, keys, open) =>
			withQuery(asked, ReadQuery, async ({ from_byte, wait_ms }) =>
				inBox(keys, open, async (box) => {
					const cursor = { fromByte: Number(from_byte), waitMs: Number(wait_ms) };
					return json(await readCommand(box, keys.command, cursor));
				}),
			),
		delete: async (_, keys, open) => inBox(keys, open, async (box) => json(await killCommand(box, keys.command))),
	},
	"/v1/sandboxes/{key}/file": {
		put: async (asked, keys, open) =>
			withQuery(asked, PathQuery, async ({ path }) => {
				const body = await asked.body(bounds.fileBytesMax);
				if (!body.ok) return problemOf(body.failure);
				return inBox(keys, open, async (box) => {
					const written = await putFile(box, path, body.value, open.ground);
					return written.ok ? { type: "nothing" } : problemOf(written.failure);
				});
			}),
		get: async (asked, keys, open) =>
			withQuery(asked, GetQuery, async ({ path, bytes_max }) =>
				inBox(keys, open, async (box) => {
					const bytesMax = Math.min(Number(bytes_max), bounds.fileBytesMax);
					const file = await getFile(box, path, bytesMax, open.ground);
					return file.ok ? { type: "bytes", bytes: file.value } : problemOf(file.failure);
				}),
			),
	},
	"/v1/sandboxes/{key}/files": {
		get: async (asked, keys, open) =>
			withQuery(asked, ListQuery, async ({ path, entries_max }) =>
				inBox(keys, open, async (box) => {
					const entriesMax = Math.min(Number(entries_max), bounds.entriesMax);
					const found = await listFiles({ box, path, entriesMax }, open.ground);
					return json(found.ok ? { ok: true, value: { entries: found.value } } : found);
				}),
			),
	},
	"/openapi.json": { get: async () => ({ type: "json", status: 200, value: describeProtocol() }) },
	"/healthz": {
		get: async (_asked, _keys, { ground }) => {
			const { kind } = ground.groups;
			const limits = { memory: kind, processes: kind, cpu: kind, time: "kill", disk: "watched", files: "rlimit" };
			return { type: "json", status: 200, value: { ok: true, limits } };
		},
	},
};

const patterns = (Object.keys(routes) as Path[]).map((path) => ({
	path,
	pattern: new RegExp(`^${path.replaceAll(/\{(\w+)\}/g, "(?<$1>[^/]+)").replaceAll(".", "\\.")}$`),
}));

/** Null where one is no key. Where the path has none, none is looked at. */
function keysOf({ key = "none", command = "none" }: Readonly<Record<string, string>>): Keys | null {
	const keys = { sandbox: sandboxKey(key), command: commandKey(command) };
	return keys.sandbox === null || keys.command === null ? null : { sandbox: keys.sandbox, command: keys.command };
}

/** The body comes first: nothing that was found before it may be gone when it has come. */
async function withBody<T>(asked: Asked, schema: z.ZodType<T>, work: (value: T) => Promise<Answer>): Promise<Answer> {
	const body = await asked.body(bounds.bodyBytesMax);
	if (!body.ok) return problemOf(body.failure);
	const parsed = schema.safeParse(jsonIn(body.value));
	return parsed.success ? work(parsed.data) : refusal(parsed.error);
}

async function withQuery<T>(asked: Asked, schema: z.ZodType<T>, work: (query: T) => Promise<Answer>): Promise<Answer> {
	const parsed = schema.safeParse(Object.fromEntries(asked.query));
	return parsed.success ? work(parsed.data) : refusal(parsed.error);
}

async function inBox({ sandbox }: Keys, { sandboxes }: Open, work: (box: Box) => Promise<Answer>): Promise<Answer> {
	const box = sandboxes.find(sandbox);
	return box === null ? problemOf({ code: "gone", message: "There is no sandbox of this key." }) : work(box);
}

function json(outcome: Outcome<object>): Answer {
	return outcome.ok ? { type: "json", status: 200, value: outcome.value } : problemOf(outcome.failure);
}

function jsonIn(bytes: Uint8Array): unknown {
	try {
		return JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes));
	} catch {
		return undefined;
	}
}

function refusal({ issues }: z.ZodError): Answer {
	const [first] = issues;
	const path = first?.path.join(".") || "the request";
	return problemOf(failing({ code: "refused", message: `${path}: ${first?.message ?? "is not valid"}` }).failure);
}

function notHere(status: 404 | 405, message: string): Answer {
	return problemOf({ code: "refused", message }, status);
}
