import { assert } from "../std/assert.ts";
import type { Backend, Failure, FailureCode, ModelEvent, ModelRequest } from "./backend.ts";
import { failureOf, makeFailure } from "./failure.ts";
import type { WireReader } from "./wire/wire.ts";

/** A request that an SDK has built and signed, and that nobody has sent yet. */
export type Built = {
	readonly url: string;
	readonly init: { readonly method: string; readonly headers: Headers; readonly body: string };
};

export type CallLimits = { readonly bodyBytesMax: number; readonly outputCharactersMax: number };

/** Everything one backend needs to perform calls. `key` is known here only to keep it out of messages. */
export type Wiring = {
	readonly name: string;
	readonly key: string | null;
	readonly build: (request: ModelRequest) => Promise<Built>;
	readonly reader: () => WireReader;
	readonly slots: Slots;
	readonly limits: CallLimits;
	readonly fetch: typeof fetch;
	readonly now: () => number;
};

/** One host as a `Backend`: builds the request, waits for a slot, sends it and reads the body with our own loop. */
export function calling(wiring: Wiring): Backend {
	return async function* call(request, signal) {
		const watch = watching(signal, wiring.now);
		try {
			const opened = await open(wiring, request, watch);
			if ("failure" in opened) {
				if (watch.cause() !== "aborted") yield failed(opened.failure);
				return;
			}
			const read = reading(wiring, watch);
			const pieces = piecesOf(opened.body, wiring.now);
			watch.signal.addEventListener("abort", pieces.cancel, { once: true });
			for (let ended = false; !ended;) {
				const piece = await pieces.next();
				watch.rest();
				if (watch.cause() === "aborted") return;
				const events = read(piece);
				if (events.length > 0) yield events;
				ended = piece === null || events.at(-1)?.type === "end";
				watch.expect("stall_timeout", request.stallTimeoutMs);
			}
		} finally {
			watch.stop();
		}
	};
}

/**
 * Lets an SDK build, type and sign one request: its `fetch` records the request and hands back an empty answer. The same
 * for all three SDKs, and none of their retries, timers or readers is left in the way.
 */
export async function builtBy(send: (record: typeof fetch) => Promise<unknown>): Promise<Built> {
	const recorded: Built[] = [];
	await send(async (input, init) => {
		assert(typeof init?.body === "string", "an SDK sends JSON text");
		recorded.push({
			url: input instanceof Request ? input.url : input.toString(),
			init: { method: "POST", headers: new Headers(init.headers), body: init.body },
		});
		return new Response(null, { status: 200 });
	});
	const [built] = recorded;
	assert(built !== undefined && recorded.length === 1, "an SDK sends exactly one request");
	return built;
}

type Opened = { readonly body: ReadableStream<Uint8Array> | null } | { readonly failure: Failure };

async function open(wiring: Wiring, request: ModelRequest, watch: Watch): Promise<Opened> {
	const built = await wiring.build(request).catch(() => null);
	// The SDK's own words may quote a header, and with it the key.
	if (built === null)
		return {
			failure: makeFailure(
				"bad_request",
				`the request to ${wiring.name} could not be built: check its key, its base URL and the params`,
			),
		};
	const slot = await wiring.slots.take(watch.signal);
	if (slot !== "taken")
		return { failure: makeFailure("overloaded", `too many calls to ${wiring.name} are waiting to be sent`) };
	watch.expect("first_byte_timeout", request.firstByteTimeoutMs);
	try {
		const send = wiring.fetch;
		// `manual`: a redirect elsewhere must not carry the key along.
		const response = await send(built.url, { ...built.init, redirect: "manual", signal: watch.signal });
		return response.ok ? { body: response.body } : { failure: await refusal(wiring, response, watch.signal) };
	} catch (error) {
		return {
			failure:
				expired(wiring.name, watch) ??
				makeFailure("network", `${wiring.name} could not be reached${causeOf(error)}`),
		};
	} finally {
		wiring.slots.release();
	}
}

const errorBytesMax = 64 * 1024;

async function refusal(wiring: Wiring, response: Response, signal: AbortSignal): Promise<Failure> {
	const body = await beginningOf(response, signal);
	const retryAfterMs = retryAfterOf(response.headers, wiring.now);
	const failure = failureOf({ status: response.status, body, retryAfterMs });
	return { ...failure, message: withoutKey(failure.message, wiring.key) };
}

const keyCharactersMin = 8;

/** A shorter key is a placeholder for a local server, and would blot out words. */
function withoutKey(message: string, key: string | null): string {
	return key === null || key.length < keyCharactersMin ? message : message.replaceAll(key, "[key]");
}

async function beginningOf(response: Response, signal: AbortSignal): Promise<string> {
	if (response.body === null) return "";
	const pieces = piecesOf(response.body, () => 0);
	signal.addEventListener("abort", pieces.cancel, { once: true });
	const decoder = new TextDecoder();
	let text = "";
	let left = errorBytesMax;
	while (left > 0) {
		const piece = await pieces.next();
		if (piece === null) return text;
		text += decoder.decode(piece.subarray(0, left), { stream: true });
		left -= piece.byteLength;
	}
	pieces.cancel();
	return text;
}

/** `retry-after-ms` is OpenAI's; `retry-after` holds seconds or a date (RFC 9110, 10.2.3). */
function retryAfterOf(headers: Headers, now: () => number): number | null {
	const inMs = Number.parseFloat(headers.get("retry-after-ms") ?? "");
	const after = headers.get("retry-after") ?? "";
	const inSeconds = /^\s*[\d.]+\s*$/.test(after) ? Number.parseFloat(after) * 1000 : Date.parse(after) - now();
	const found = [inMs, inSeconds].find((ms) => Number.isFinite(ms));
	return found === undefined ? null : Math.max(0, Math.round(found));
}

/** Turns pieces into events, within the limits; null is the end of the body. */
function reading(wiring: Wiring, watch: Watch): (piece: Uint8Array | null) => readonly ModelEvent[] {
	const { limits } = wiring;
	const reader = wiring.reader();
	let bytes = 0;
	let characters = 0;
	return (piece) => {
		bytes += piece?.byteLength ?? 0;
		if (bytes > limits.bodyBytesMax)
			return failed(makeFailure("output_too_large", `the response exceeds ${limits.bodyBytesMax} bytes`));
		const events = piece === null ? lastEvents(reader, expired(wiring.name, watch)) : reader.push(piece);
		characters += charactersOf(events);
		if (characters > limits.outputCharactersMax)
			return failed(
				makeFailure("output_too_large", `the output exceeds ${limits.outputCharactersMax} characters`),
			);
		return events;
	};
}

/**
 * At the end of the body, be it closed or broken, the reader knows whether the answer was complete. If it was not and a
 * timer of ours ended it, that is the reason to tell.
 */
function lastEvents(reader: WireReader, timeout: Failure | null): readonly ModelEvent[] {
	const events = reader.end();
	if (timeout === null) return events;
	return events.map((event) => (event.type === "failed" ? { type: "failed", failure: timeout } : event));
}

function charactersOf(events: readonly ModelEvent[]): number {
	let characters = 0;
	for (const event of events)
		if (event.type === "text" || event.type === "reasoning") characters += event.text.length;
	return characters;
}

function failed(failure: Failure): readonly ModelEvent[] {
	return [
		{ type: "failed", failure },
		{ type: "end", stop: "error" },
	];
}

function expired(name: string, watch: Watch): Failure | null {
	const cause = watch.cause();
	if (cause === "first_byte_timeout") return makeFailure(cause, `${name} sent nothing in time`);
	return cause === "stall_timeout" ? makeFailure(cause, `${name} stopped sending`) : null;
}

function causeOf(error: unknown): string {
	const cause = error instanceof Error ? error.cause : null;
	const code = typeof cause === "object" && cause !== null && "code" in cause ? cause.code : null;
	return typeof code === "string" ? ` (${code})` : "";
}

type TimeoutCode = Extract<FailureCode, "first_byte_timeout" | "stall_timeout">;

type Watch = {
	readonly signal: AbortSignal;
	/** Why the call was ended from our side, if it was. */
	readonly cause: () => null | "aborted" | TimeoutCode;
	readonly expect: (code: TimeoutCode, ms: number) => void;
	readonly rest: () => void;
	readonly stop: () => void;
};

/** One timer for a whole call: a read only moves the deadline, since setting a timer for each would cost more than parsing. */
function watching(outer: AbortSignal, now: () => number): Watch {
	const controller = new AbortController();
	let cause: null | "aborted" | TimeoutCode = null;
	let awaited: TimeoutCode = "first_byte_timeout";
	let deadlineMs = Number.POSITIVE_INFINITY;
	let timer: ReturnType<typeof setTimeout> | undefined;
	const end = (why: "aborted" | TimeoutCode): void => {
		cause ??= why;
		controller.abort();
	};
	const ring = (): void => {
		timer = undefined;
		const leftMs = deadlineMs - now();
		if (leftMs <= 0) end(awaited);
		else if (Number.isFinite(leftMs)) timer = setTimeout(ring, leftMs);
	};
	const abort = (): void => end("aborted");
	if (outer.aborted) abort();
	outer.addEventListener("abort", abort, { once: true });
	return {
		signal: controller.signal,
		cause: () => cause,
		expect: (code, ms) => {
			deadlineMs = now() + ms;
			// The two bounds differ, so a timer set for the other one might ring too late.
			if (code !== awaited) clearTimeout(timer);
			if (code !== awaited || timer === undefined) timer = setTimeout(ring, ms);
			awaited = code;
		},
		// The time that the consumer takes is not the provider's.
		rest: () => void (deadlineMs = Number.POSITIVE_INFINITY),
		stop: () => {
			clearTimeout(timer);
			outer.removeEventListener("abort", abort);
			// A reason spares the making of an exception with its stack.
			controller.abort("over");
		},
	};
}

type Pieces = { readonly next: () => Promise<Uint8Array | null>; readonly cancel: () => void };

const quickGapMs = 5;
const quickReadsMin = 8;
const firstMinimumBytes = 256;
const minimumBytesMax = 4096;
const viewBytes = 16 * 1024;

export type Pace = { readonly quickReads: number; readonly minimumBytes: number };

/**
 * What the next read waits for. Reads are what costs (about 20 us each in workerd), so a fast stream is taken in large
 * pieces. A pending read cannot be shortened: a stream that pauses keeps up to `minimumBytes - 1` bytes back, hence the
 * run of quick reads before the first step, and one byte again after any read that took longer.
 */
export function nextPace(pace: Pace, gapMs: number): Pace {
	if (gapMs > quickGapMs) return { quickReads: 0, minimumBytes: 1 };
	const quickReads = Math.min(quickReadsMin, pace.quickReads + 1);
	if (quickReads < quickReadsMin) return { quickReads, minimumBytes: 1 };
	return { quickReads, minimumBytes: Math.min(minimumBytesMax, Math.max(firstMinimumBytes, pace.minimumBytes * 2)) };
}

/** The body in pieces; null at its end. A broken body ends too: whether the answer was complete shows in its bytes. */
function piecesOf(body: ReadableStream<Uint8Array> | null, now: () => number): Pieces {
	if (body === null) return { next: async () => null, cancel: () => {} };
	const adaptive = adaptiveReaderOf(body);
	return adaptive === null ? plainPieces(body.getReader()) : adaptivePieces(adaptive, now);
}

function plainPieces(reader: ReadableStreamDefaultReader<Uint8Array>): Pieces {
	return {
		next: () =>
			reader.read().then(
				({ done, value }) => (done ? null : value),
				() => null,
			),
		cancel: () => void reader.cancel().catch(() => {}),
	};
}

function adaptivePieces(reader: ReadableStreamBYOBReader, now: () => number): Pieces {
	let pace: Pace = { quickReads: 0, minimumBytes: 1 };
	let lastMs = now();
	// Handed to each read and got back with its bytes: whoever takes a piece is done with it before the next.
	let buffer: ArrayBufferLike = new ArrayBuffer(viewBytes);
	return {
		next: () =>
			reader.readAtLeast(pace.minimumBytes, new Uint8Array(buffer)).then(
				({ value }) => {
					buffer = value?.buffer ?? buffer;
					const nowMs = now();
					pace = nextPace(pace, nowMs - lastMs);
					lastMs = nowMs;
					// At the end workerd hands over what is left below the minimum, or an empty view.
					return value === undefined || value.byteLength === 0 ? null : value;
				},
				() => null,
			),
		cancel: () => void reader.cancel().catch(() => {}),
	};
}

/** Null where the body is no byte stream, or the runtime has no `readAtLeast` (Node): plain reads do there. */
function adaptiveReaderOf(body: ReadableStream<Uint8Array>): ReadableStreamBYOBReader | null {
	let reader: ReadableStreamBYOBReader;
	try {
		reader = body.getReader({ mode: "byob" });
	} catch {
		return null;
	}
	if (typeof reader.readAtLeast === "function") return reader;
	reader.releaseLock();
	return null;
}

/** At most `slotsMax` calls wait for their headers at once: Cloudflare allows six, and would queue the seventh unseen. */
export type Slots = {
	readonly take: (signal: AbortSignal) => Promise<"taken" | "full" | "aborted">;
	readonly release: () => void;
};

/** First come, first served; a call that finds `queueMax` others waiting is turned away. */
export function makeSlots({ slotsMax, queueMax }: { readonly slotsMax: number; readonly queueMax: number }): Slots {
	let free = slotsMax;
	const queue = new Set<() => void>();
	return {
		take: async (signal) => {
			if (signal.aborted) return "aborted";
			if (free > 0) {
				free -= 1;
				return "taken";
			}
			if (queue.size >= queueMax) return "full";
			return new Promise((resolve) => {
				const grant = (): void => {
					signal.removeEventListener("abort", leave);
					resolve("taken");
				};
				const leave = (): void => {
					queue.delete(grant);
					resolve("aborted");
				};
				queue.add(grant);
				signal.addEventListener("abort", leave, { once: true });
			});
		},
		release: () => {
			const [next] = queue;
			if (next === undefined) free += 1;
			else {
				queue.delete(next);
				next();
			}
		},
	};
}
