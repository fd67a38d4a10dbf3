import { InvariantError } from "../std/assert.ts";
import type { Backend, CallStage, Failure, ModelEvent, ModelRequest } from "./backend.ts";
import { piecesOf } from "./body-pieces.ts";
import type { Built } from "./built.ts";
import { failureOf, makeFailure, withoutKey } from "./failure.ts";
import type { CallPace, Permit } from "./pace.ts";
import { retryAfterOf } from "./retry-after.ts";
import type { Slots } from "./slots.ts";
import { watching, type Watch } from "./watch.ts";
import type { WireReader } from "./wire/wire.ts";

export type CallLimits = { readonly bodyBytesMax: number; readonly outputCharactersMax: number };

/** Everything one backend needs to perform calls. `key` is known here only to keep it out of messages. */
export type Wiring = {
	readonly name: string;
	readonly key: string | null;
	readonly build: (request: ModelRequest) => Promise<Built>;
	readonly reader: () => WireReader;
	readonly admit: (request: ModelRequest, body: string, waiting: Waiting) => ReturnType<CallPace["admit"]>;
	readonly slots: Slots;
	readonly limits: CallLimits;
	readonly fetch: typeof fetch;
	readonly now: () => number;
};

type Waiting = { readonly signal: AbortSignal; readonly held: () => void };

/** One host as a `Backend`: builds the request, waits for its turn, sends it and reads the body with our own loop. */
export function calling(wiring: Wiring): Backend {
	return async function* call(request, signal, reached = () => {}) {
		const watch = watching(signal, wiring.now);
		let permit: Permit | null = null;
		try {
			const opened = await open(wiring, request, { watch, reached });
			if ("failure" in opened) {
				if (watch.cause() !== "aborted") yield failed(opened.failure);
				return;
			}
			permit = opened.permit;
			const read = reading(wiring, watch);
			const pieces = piecesOf(opened.body, wiring.now);
			watch.signal.addEventListener("abort", pieces.cancel, { once: true });
			for (let ended = false; !ended;) {
				const piece = await pieces.next();
				watch.rest();
				if (watch.cause() === "aborted") return;
				const events = read(piece);
				const broken = events.find(isFailed);
				if (broken !== undefined) permit.ended(broken.failure);
				if (events.length > 0) yield events;
				ended = piece === null || events.at(-1)?.type === "end";
				watch.expect("stall_timeout", request.stallTimeoutMs);
			}
			permit.ended("whole");
		} finally {
			permit?.ended("given up");
			watch.stop();
		}
	};
}

type Opened =
	| { readonly body: ReadableStream<Uint8Array> | null; readonly permit: Permit }
	| { readonly failure: Failure };
type Opening = { readonly watch: Watch; readonly reached: (stage: CallStage) => void };

/** Waits for the host's limits, then for one of our slots; only from there on does the host owe us a first byte. */
async function open(wiring: Wiring, request: ModelRequest, { watch, reached }: Opening): Promise<Opened> {
	reached("queued");
	const built = await wiring.build(request).catch(nullUnlessOurs);
	// The SDK's own words may quote a header, and with it the key.
	if (built === null)
		return {
			failure: makeFailure(
				"bad_request",
				`the request to ${wiring.name} could not be built: check its key, its base URL and the params`,
			),
		};
	const waiting = { signal: watch.signal, held: () => reached("paced") };
	const admitted = await wiring.admit(request, built.init.body, waiting);
	if ("failure" in admitted) return admitted;
	const { permit } = admitted;
	reached("queued");
	const slot = await wiring.slots.take(watch.signal);
	if (slot !== "taken") {
		permit.ended("unsent");
		return { failure: makeFailure("overloaded", `too many calls to ${wiring.name} are waiting to be sent`) };
	}
	reached("waiting");
	watch.expect("first_byte_timeout", request.firstByteTimeoutMs);
	const answer = await answerTo(wiring, built, { watch, permit });
	if ("body" in answer) reached("streaming");
	else permit.ended(watch.cause() === "aborted" ? "given up" : answer.failure);
	return answer;
}

type Sending = { readonly watch: Watch; readonly permit: Permit };

async function answerTo(wiring: Wiring, built: Built, { watch, permit }: Sending): Promise<Opened> {
	try {
		const send = wiring.fetch;
		// `manual`: a redirect elsewhere must not carry the key along.
		const response = await send(built.url, { ...built.init, redirect: "manual", signal: watch.signal });
		permit.heard(response);
		return response.ok
			? { body: response.body, permit }
			: { failure: await refusal(wiring, response, watch.signal) };
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
	const retryAfterMs = retryAfterOf(response, wiring.now());
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
