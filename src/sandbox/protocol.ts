import { z } from "zod";

/**
 * What the self-hosted runner and its clients say to each other, as `/openapi.json` describes it. Requests are strict;
 * answers may grow.
 */
export const bounds = {
	argumentsMax: 256,
	argumentBytesMax: 65_536,
	variablesMax: 64,
	variableBytesMax: 8192,
	stdinCharsMax: 131_072,
	timeoutMs: { min: 100, max: 3_600_000 },
	outputBytes: { min: 1024, max: 1_048_576 },
	originsMax: 64,
	waitMsMax: 20_000,
	/** Of output in one answer. */
	pageBytesMax: 65_536,
	entriesMax: 10_000,
	bodyBytesMax: 524_288,
	fileBytesMax: 33_554_432,
} as const;

const whole = (min: number, max: number) => z.int().min(min).max(max);
const mebibyte = 1_048_576;

const Limits = z.strictObject({
	idleMs: whole(1000, 86_400_000),
	memoryBytesMax: whole(16 * mebibyte, 64 * 1024 * mebibyte),
	processesMax: whole(4, 4096),
	cpuPercentMax: whole(10, 6400),
	diskBytesMax: whole(65_536, 64 * 1024 * mebibyte),
	fileBytesMax: whole(65_536, 64 * 1024 * mebibyte),
	egressBytesMax: whole(0, 64 * 1024 * mebibyte),
});

const origin = z
	.string()
	.max(300)
	.regex(/^https?:\/\/[A-Za-z0-9.:[\]-]+$/, "must be like https://host or https://host:port");

export const Spec = z.strictObject({
	limits: Limits,
	egress: z.union([z.literal("all"), z.array(origin).max(bounds.originsMax)]),
});

/** Programs take bytes, without NUL. */
const text = (bytesMax: number) =>
	z
		.string()
		.max(bytesMax)
		.refine((value) => new TextEncoder().encode(value).length <= bytesMax, `must have at most ${bytesMax} bytes`)
		.refine((value) => !value.includes("\0"), "must have no NUL in it");

export const StartCommand = z.strictObject({
	argv: z.array(text(bounds.argumentBytesMax)).min(1).max(bounds.argumentsMax),
	cwd: text(1024),
	env: z
		.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,127}$/), text(bounds.variableBytesMax))
		.refine((all) => Object.keys(all).length <= bounds.variablesMax, `must name at most ${bounds.variablesMax}`),
	stdin: z.string().max(bounds.stdinCharsMax),
	timeoutMs: whole(bounds.timeoutMs.min, bounds.timeoutMs.max),
	outputBytesMax: whole(bounds.outputBytes.min, bounds.outputBytes.max),
});
export type StartCommand = z.output<typeof StartCommand>;

const number = z.string().regex(/^\d{1,15}$/);
export const ReadQuery = z.strictObject({ from_byte: number, wait_ms: number });
export const PathQuery = z.strictObject({ path: z.string() });
export const GetQuery = z.strictObject({ path: z.string(), bytes_max: number });
export const ListQuery = z.strictObject({ path: z.string(), entries_max: number });

export const Created = z.object({ incarnation: z.string(), created: z.boolean() });

export const State = z.discriminatedUnion("status", [
	z.object({ status: z.literal("running") }),
	z.object({ status: z.literal("exited"), code: z.int() }),
	z.object({ status: z.literal("timed_out") }),
	z.object({ status: z.literal("killed") }),
	z.object({ status: z.literal("out_of_memory") }),
	z.object({ status: z.literal("disk_full") }),
	z.object({ status: z.literal("interrupted") }),
	z.object({ status: z.literal("not_started"), message: z.string() }),
]);

const atByte = z.int().min(0);
const Piece = z.discriminatedUnion("type", [
	z.object({ type: z.literal("output"), atByte, stream: z.enum(["stdout", "stderr", "both"]), base64: z.base64() }),
	z.object({ type: z.literal("dropped"), atByte, bytesDropped: z.int().min(1) }),
]);

export const Page = z.object({
	pieces: z.array(Piece),
	nextByte: atByte,
	endByte: atByte,
	state: State,
});
export type Page = z.output<typeof Page>;

export const Listing = z.object({
	entries: z.array(
		z.object({ path: z.string(), kind: z.enum(["file", "directory", "link"]), bytes: z.int().min(0) }),
	),
});

/** RFC 9457, with the port's own code beside the status. */
export const Problem = z.object({
	type: z.string(),
	title: z.string(),
	status: z.int(),
	detail: z.string(),
	code: z.enum(["unavailable", "unauthorized", "gone", "no_such_file", "conflict", "too_large", "refused", "full"]),
	bytesMax: z.int().exactOptional(),
});
export type Problem = z.output<typeof Problem>;

export const Health = z.object({
	ok: z.literal(true),
	/** What keeps each limit on this host. */
	limits: z.record(z.string(), z.string()),
});
