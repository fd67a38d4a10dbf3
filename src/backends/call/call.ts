import type { RecentNames } from "../../std/recent-names.ts";
import type { Backend, Failure, ModelEvent, ModelRequest, Resume, ResumePoint } from "../backend.ts";
import { piecesOf } from "./body-pieces.ts";
import type { DeadlineTimer } from "./deadline-timer.ts";
import { makeFailure, withoutKey } from "../failure.ts";
import { goneIfNotThere, unlessRefused, type Mode, type Refused, type ResumableMode } from "./modes.ts";
import { expired, open, type Opened, type Opening, type Sending } from "./opening.ts";
import type { Permit } from "../pace/pace.ts";
import { endsByItself, runningAt, sendAside, type Running } from "./running.ts";
import { watching, type Watch } from "./watch.ts";
import type { WireReader } from "../wire/wire.ts";

/** Bytes of a response as it comes, and characters of text and reasoning that it may bring. */
export type CallLimits = { readonly bodyBytesMax: number; readonly outputCharactersMax: number };

/** Everything one backend needs to perform calls. */
export type Wiring = Sending & {
	readonly plain: Mode;
	/** Null where the host has none. */
	readonly resumable: ResumableMode | null;
	readonly refusedModes: RecentNames;
	/** Takes work that nobody waits for, and sees to it that it is not cut off. */
	readonly aside: (work: Promise<void>) => void;
	readonly limits: CallLimits;
	/** Shared by all calls that are open here. */
	readonly timer: DeadlineTimer;
};

/** One host as a `Backend`: builds the request, waits for its turn, sends it and reads the body with our own loop. */
export function calling(wiring: Wiring): Backend {
	return (request, signal, reached = () => {}) =>
		performed(wiring, request, signal, {
			running: runningOf(wiring, null),
			open: (watch) => openCall(wiring, { request, watch, reached }),
		});
}

/** One host as a `Resume`; null where it has no mode for it. */
export function resuming(wiring: Wiring): Resume | null {
	const { resumable } = wiring;
	if (resumable === null) return null;
	return (point, request, signal, reached = () => {}) =>
		performed(wiring, request, signal, {
			running: runningOf(wiring, point.handle),
			open: (watch) => openAgain(wiring, { mode: resumable, point }, { request, watch, reached }),
		});
}

/** Ends an answer that nobody reads or wants any more, where its host would go on with it, and charge for it. */
export function abandoning(wiring: Wiring, handle: string): void {
	runningOf(wiring, handle).abandon();
}

type Performing = { readonly running: Running; readonly open: (watch: Watch) => Promise<Opened | Refused> };

async function* performed(
	wiring: Wiring,
	request: ModelRequest,
	signal: AbortSignal,
	{ running, open: opening }: Performing,
): AsyncGenerator<readonly ModelEvent[]> {
	const watch = watching(signal, wiring);
	let permit: Permit | null = null;
	try {
		const opened = await opening(watch);
		if ("permit" in opened) permit = opened.permit;
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
			noted(events, { running, permit: opened.permit });
			if (events.length > 0) yield events;
			ended = piece === null || events.at(-1)?.type === "end";
			watch.expect("stall_timeout", request.stallTimeoutMs);
		}
		opened.permit.ended("whole");
	} finally {
		permit?.ended("given up");
		running.abandon();
		watch.stop();
	}
}

/** Tells those who keep an eye on the call what it has brought. */
function noted(
	events: readonly ModelEvent[],
	{ running, permit }: { readonly running: Running; readonly permit: Permit },
): void {
	running.note(events);
	const broken = events.find(isFailed);
	if (broken !== undefined) permit.ended(broken.failure);
}

function runningOf({ resumable, fetch: send, slots, aside }: Wiring, handle: string | null): Running {
	if (resumable === null) return endsByItself;
	return runningAt(handle, (known) => aside(sendAside(() => resumable.cancel(known), { fetch: send, slots })));
}

function openCall(wiring: Wiring, opening: Opening): Promise<Opened | Refused> {
	const { plain, resumable, name, key } = wiring;
	const { request } = opening;
	const openPlain = (): Promise<Opened | Refused> => open(wiring, opening, { ...plain, first: [] });
	if (resumable === null || !request.resumable || !resumable.speaks(request)) return openPlain();
	const { build } = resumable;
	const openResumable = (): Promise<Opened | Refused> =>
		open(wiring, opening, { build, reader: () => resumable.reader(null), first: [] });
	const tried = JSON.stringify([name, key, request.model]);
	return unlessRefused({ resumable: openResumable, plain: openPlain }, tried, wiring.refusedModes);
}

type Again = { readonly mode: ResumableMode; readonly point: ResumePoint };

async function openAgain(wiring: Wiring, { mode, point }: Again, opening: Opening): Promise<Opened | Refused> {
	const { handle, cursor } = point;
	const opened = await open(wiring, opening, {
		build: () => mode.takeUp(point, opening.request),
		reader: () => mode.reader(cursor === null ? null : { handle, cursor }),
		first: cursor === null ? [{ type: "restart" }] : [],
	});
	return "failure" in opened ? goneIfNotThere(opened) : opened;
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
