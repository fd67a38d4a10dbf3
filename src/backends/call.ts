import { InvariantError } from "../std/assert.ts";
import type { Backend, Failure, ModelEvent, ModelRequest, Resume, ResumePoint } from "./backend.ts";
import { piecesOf } from "./body-pieces.ts";
import { failureOf, makeFailure, withoutKey } from "./failure.ts";
import { goneUnless, unlessRefused, type Mode, type Refused, type RefusedModes, type ResumableMode } from "./modes.ts";
import { requestFault } from "./request-fault.ts";
import { endsByItself, runningAt, sendAside, type Running } from "./running.ts";
import type { Slots } from "./slots.ts";
import { watching, type Watch } from "./watch.ts";
import type { WireReader } from "./wire/wire.ts";

export type CallLimits = { readonly bodyBytesMax: number; readonly outputCharactersMax: number };

/** Everything one backend needs to perform calls. `key` is known here only to keep it out of messages. */
export type Wiring = {
	readonly name: string;
	readonly key: string | null;
	readonly plain: Mode;
	/** Null where the host has none. */
	readonly resumable: ResumableMode | null;
	readonly refusedModes: RefusedModes;
	/** Takes work that nobody waits for, and sees to it that it is not cut off. */
	readonly aside: (work: Promise<void>) => void;
	readonly slots: Slots;
	readonly limits: CallLimits;
	readonly fetch: typeof fetch;
	readonly now: () => number;
};

/** One host as a `Backend`: builds the request, waits for a slot, sends it and reads the body with our own loop. */
export function calling(wiring: Wiring): Backend {
	return (request, signal) =>
		performed(wiring, request, signal, {
			running: runningOf(wiring, null),
			open: (watch) => openCall(wiring, request, watch),
		});
}

/** One host as a `Resume`; null where it has no mode for it. */
export function resuming(wiring: Wiring): Resume | null {
	const { resumable } = wiring;
	if (resumable === null) return null;
	return (point, request, signal) =>
		performed(wiring, request, signal, {
			running: runningOf(wiring, point.handle),
			open: (watch) => openAgain(wiring, resumable, { point, request, watch }),
		});
}

type Performing = { readonly running: Running; readonly open: (watch: Watch) => Promise<Opened | Refused> };

async function* performed(
	wiring: Wiring,
	request: ModelRequest,
	signal: AbortSignal,
	{ running, open: opening }: Performing,
): AsyncGenerator<readonly ModelEvent[]> {
	const watch = watching(signal, wiring.now);
	try {
		const opened = await opening(watch);
		if (watch.cause() === "aborted") return;
		const first = "failure" in opened ? failed(opened.failure) : opened.first;
		running.note(first);
		if (first.length > 0) yield first;
		if ("failure" in opened) return;
		const read = reading(wiring, opened.reader, watch);
		const pieces = piecesOf(opened.body, wiring.now);
		watch.signal.addEventListener("abort", pieces.cancel, { once: true });
		for (let ended = false; !ended;) {
			const piece = await pieces.next();
			watch.rest();
			if (watch.cause() === "aborted") return;
			const events = read(piece);
			running.note(events);
			if (events.length > 0) yield events;
			ended = piece === null || events.at(-1)?.type === "end";
			watch.expect("stall_timeout", request.stallTimeoutMs);
		}
	} finally {
		running.abandon();
		watch.stop();
	}
}

/** `first`: what is told before the body is read. */
type Opened = {
	readonly body: ReadableStream<Uint8Array> | null;
	readonly reader: WireReader;
	readonly first: readonly ModelEvent[];
};

function runningOf({ resumable, fetch: send, slots, aside }: Wiring, handle: string | null): Running {
	if (resumable === null) return endsByItself;
	return runningAt(handle, (known) => aside(sendAside(() => resumable.cancel(known), { fetch: send, slots })));
}

function openCall(wiring: Wiring, request: ModelRequest, watch: Watch): Promise<Opened | Refused> {
	const { plain, resumable, name, key } = wiring;
	const openPlain = (): Promise<Opened | Refused> => open(wiring, request, watch, { ...plain, first: [] });
	if (resumable === null || !request.resumable || !resumable.speaks(request)) return openPlain();
	const { build } = resumable;
	const openResumable = (): Promise<Opened | Refused> =>
		open(wiring, request, watch, { build, reader: () => resumable.reader(null), first: [] });
	const tried = JSON.stringify([name, key, request.model]);
	return unlessRefused({ resumable: openResumable, plain: openPlain }, tried, wiring.refusedModes);
}

type Again = { readonly point: ResumePoint; readonly request: ModelRequest; readonly watch: Watch };

async function openAgain(
	wiring: Wiring,
	mode: ResumableMode,
	{ point, request, watch }: Again,
): Promise<Opened | Refused> {
	const { handle, cursor } = point;
	const opened = await open(wiring, request, watch, {
		build: () => mode.takeUp(point, request),
		reader: () => mode.reader(cursor === null ? null : { handle, cursor }),
		first: cursor === null ? [{ type: "restart" }] : [],
	});
	return "failure" in opened ? goneUnless(opened) : opened;
}

type Asked = Mode & Pick<Opened, "first">;

async function open(
	wiring: Wiring,
	request: ModelRequest,
	watch: Watch,
	{ build, reader, first }: Asked,
): Promise<Opened | Refused> {
	const fault = requestFault(request);
	if (fault !== null) return { failure: fault, status: null };
	const built = await build(request).catch(nullUnlessOurs);
	// The SDK's own words may quote a header, and with it the key.
	if (built === null)
		return {
			status: null,
			failure: makeFailure(
				"bad_request",
				`the request to ${wiring.name} could not be built: check its key, its base URL and the params`,
			),
		};
	const slot = await wiring.slots.take(watch.signal);
	if (slot !== "taken")
		return {
			status: null,
			failure: makeFailure("overloaded", `too many calls to ${wiring.name} are waiting to be sent`),
		};
	watch.expect("first_byte_timeout", request.firstByteTimeoutMs);
	try {
		const send = wiring.fetch;
		// `manual`: a redirect elsewhere must not carry the key along.
		const response = await send(built.url, { ...built.init, redirect: "manual", signal: watch.signal });
		if (response.ok) return { body: response.body, reader: reader(), first };
		return { failure: await refusal(wiring, response, watch.signal), status: response.status };
	} catch (error) {
		return {
			status: null,
			failure:
				expired(wiring.name, watch) ??
				makeFailure("network", `${wiring.name} could not be reached${causeOf(error)}`),
		};
	} finally {
		wiring.slots.release();
	}
}

/** An SDK wraps what its `fetch`, which is ours, throws. */
function nullUnlessOurs(error: unknown): null {
	const cause = error instanceof Error ? error.cause : null;
	const ours = [error, cause].find((thrown) => thrown instanceof InvariantError);
	if (ours !== undefined) throw ours;
	return null;
}

const errorBytesMax = 64 * 1024;

async function refusal(wiring: Wiring, response: Response, signal: AbortSignal): Promise<Failure> {
	const body = await beginningOf(response, signal);
	const retryAfterMs = retryAfterOf(response.headers, wiring.now);
	return withoutKey(failureOf({ status: response.status, body, retryAfterMs }), wiring.key);
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
function reading(
	wiring: Wiring,
	reader: WireReader,
	watch: Watch,
): (piece: Uint8Array | null) => readonly ModelEvent[] {
	const { limits } = wiring;
	let bytes = 0;
	let characters = 0;
	return (piece) => {
		bytes += piece?.byteLength ?? 0;
		if (bytes > limits.bodyBytesMax)
			return failed(makeFailure("output_too_large", `the response exceeds ${limits.bodyBytesMax} bytes`));
		const events = piece === null ? lastEvents(reader, expired(wiring.name, watch)) : reader.push(piece);
		characters += charactersOf(events);
		if (characters > limits.outputCharactersMax)
			return [
				...events.filter(({ type }) => type === "handle"),
				...failed(
					makeFailure("output_too_large", `the output exceeds ${limits.outputCharactersMax} characters`),
				),
			];
		return events.some(isFailed)
			? events.map((event) => (isFailed(event) ? keyless(event, wiring.key) : event))
			: events;
	};
}

type Failed = ModelEvent & { readonly type: "failed" };

function isFailed(event: ModelEvent): event is Failed {
	return event.type === "failed";
}

function keyless({ type, failure }: Failed, key: string | null): Failed {
	return { type, failure: withoutKey(failure, key) };
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
