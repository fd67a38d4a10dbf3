import type { z } from "zod";
import {
	Created,
	GetQuery,
	Health,
	Listing,
	ListQuery,
	Page,
	PathQuery,
	Problem,
	ReadQuery,
	Spec,
	StartCommand,
	State,
} from "../protocol.ts";

/** The schemas of the protocol by the names that its description has for them. */
export const schemas = { Created, Health, Listing, Page, Problem, Spec, StartCommand, State } satisfies Record<
	string,
	z.ZodType
>;
type SchemaName = keyof typeof schemas;

export type Method = "get" | "put" | "delete";

export type Operation = {
	readonly summary: string;
	readonly query?: z.ZodObject;
	/** `bytes`: the body is a file. */
	readonly body?: SchemaName | "bytes";
	/** Left out: nothing, with status 204. */
	readonly answer?: SchemaName | "bytes";
};

/** Every path and what can be done there: the server's routes and their description. */
export const operations = {
	"/v1/sandboxes/{key}": {
		put: {
			summary:
				"Find the sandbox of this key or make it. Made anew after it was destroyed or had idled, it has another incarnation and no files; another spec under a key in use is a conflict",
			body: "Spec",
			answer: "Created",
		},
		delete: { summary: "End all commands and forget all files; also where there is no such sandbox" },
	},
	"/v1/sandboxes/{key}/commands/{command}": {
		put: {
			summary:
				"Start a command unless one was started under this key, and tell its state without waiting for it. The same request again starts nothing, also after a crash of the runner; another one under the same key is a conflict",
			body: "StartCommand",
			answer: "State",
		},
		get: {
			summary:
				"What the command wrote from a byte on, and its state; waits up to wait_ms while there is nothing new. Of much output the middle is dropped, and said to be. The command is read to its end once its state is not running and nextByte is endByte",
			query: ReadQuery,
			answer: "Page",
		},
		delete: {
			summary: "End the command with all that it started, and tell how it ended; one that has ended stays so",
			answer: "State",
		},
	},
	"/v1/sandboxes/{key}/file": {
		put: {
			summary: "Write a file, whole or not at all, with the folders above it",
			query: PathQuery,
			body: "bytes",
		},
		get: { summary: "Read a whole file of at most bytes_max bytes", query: GetQuery, answer: "bytes" },
	},
	"/v1/sandboxes/{key}/files": {
		get: {
			summary: "List everything below a folder (an empty path: the workspace), at most entries_max entries",
			query: ListQuery,
			answer: "Listing",
		},
	},
	"/openapi.json": { get: { summary: "This description; needs no token" } },
	"/healthz": {
		get: { summary: "Whether the runner answers, and what keeps its limits; needs no token", answer: "Health" },
	},
} as const satisfies Record<string, Partial<Record<Method, Operation>>>;

export type Path = keyof typeof operations;
