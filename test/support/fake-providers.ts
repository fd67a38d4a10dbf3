import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { isJsonObject, type JsonObject } from "../../src/std/json.ts";
import { fakeAnthropic } from "./fake-anthropic.ts";
import { fakeBackground, type FakeBackground, type NameHeard, type Outlet } from "./fake-background.ts";
import { fakeInteractions } from "./fake-gemini-interactions.ts";
import { fakeCaches, type CacheUse } from "./fake-cache.ts";
import { fakeGemini } from "./fake-gemini.ts";
import { metering, type FakeLimits, type Metered } from "./fake-limits.ts";
import { fakeChat, fakeResponses } from "./fake-openai.ts";
import {
	splitText,
	type Brain,
	type FakeProtocol,
	type FakeRequest,
	type FakeWriter,
	type FullUsage,
	type SpokenWire,
	type Step,
} from "./fake-script.ts";

export type RecordedRequest = {
	readonly wire: SpokenWire;
	readonly path: string;
	readonly headers: Readonly<Record<string, string | string[] | undefined>>;
	readonly body: JsonObject;
};

export type FakeProviders = {
	readonly url: string;
	/** What `makeBackends` needs to take this server for Anthropic, OpenAI and Gemini. */
	readonly settings: Readonly<Record<string, string>>;
	/** The latest ones, oldest first. */
	readonly requests: readonly RecordedRequest[];
	/** Requests about answers that go on in the background, as `METHOD URL`, oldest first. */
	readonly followUps: readonly string[];
	/** Throws away what is kept of answers in the background. */
	readonly forget: () => void;
	readonly close: () => Promise<void>;
};

export type FakeOptions = {
	readonly brain: Brain;
	/** Events that go out in one write; more makes a benchmark's server cheap. */
	readonly eventsPerWrite?: number;
	readonly requestsMax?: number;
	/** Kept for all requests together, whatever their wire and model; without them there are none, and no headers. */
	readonly limits?: FakeLimits;
	/** Told what becomes of the names of answers in the background. */
	readonly heard?: NameHeard;
};

/**
 * A server on loopback that speaks the wires of the real providers, streaming what the brain says. Each step is written
 * before the next is asked for, and the stream stays open meanwhile.
 */
export async function startFakeProviders(options: FakeOptions): Promise<FakeProviders> {
	const requests: RecordedRequest[] = [];
	const attempts = new Map<string, number>();
	const caches = fakeCaches();
	const followUps: string[] = [];
	const background = fakeBackground(options.heard);
	let count = 0;
	const meter = options.limits === undefined ? () => unmetered : metering(options.limits);
	const server = createServer((request, response) => {
		if (background.answered(request, response)) {
			followUps.push(`${request.method} ${request.url}`);
			return;
		}
		count += 1;
		serve({ options, requests, attempts, caches, background, meter, id: `f${count}` }, request, response).catch(
			(error: unknown) => {
				console.error("the fake provider failed:", error);
				response.destroy();
			},
		);
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const url = `http://127.0.0.1:${portOf(server.address())}`;
	const close = (): Promise<void> =>
		new Promise((resolve) => {
			server.close(() => resolve());
			server.closeAllConnections();
		});
	return { url, settings: settingsFor(url), requests, followUps, forget: background.forget, close };
}

/** The answers that a prompt shows, by their labels, in the order they stand there. */
export function shownAnswers(text: string): { label: string; text: string }[] {
	return [...text.matchAll(/<answer label="([^"]*)">([\s\S]*?)<\/answer>/g)].map(([, label = "", answer = ""]) => ({
		label,
		text: answer,
	}));
}

function settingsFor(url: string): Record<string, string> {
	return {
		ANTHROPIC_BASE_URL: url,
		ANTHROPIC_API_KEY: "fake-anthropic-key",
		OPENAI_BASE_URL: `${url}/v1`,
		OPENAI_API_KEY: "fake-openai-key",
		GEMINI_BASE_URL: url,
		GEMINI_API_KEY: "fake-gemini-key",
	};
}

function portOf(address: AddressInfo | string | null): number {
	if (address === null || typeof address === "string") throw new Error("the server listens on no port");
	return address.port;
}

const routes: readonly (readonly [RegExp, SpokenWire, FakeProtocol])[] = [
	[/\/messages$/, "anthropic-messages", fakeAnthropic],
	[/\/responses$/, "openai-responses", fakeResponses],
	[/\/chat\/completions$/, "openai-chat", fakeChat],
	[/\/models\/[^/]+:streamGenerateContent$/, "gemini-generate", fakeGemini],
	[/\/interactions$/, "gemini-interactions", fakeInteractions],
];

const requestBytesMax = 16 * 1024 * 1024;
const attemptsKeptMax = 1000;

type Served = {
	readonly options: FakeOptions;
	readonly requests: RecordedRequest[];
	readonly attempts: Map<string, number>;
	readonly caches: ReturnType<typeof fakeCaches>;
	readonly background: FakeBackground;
	readonly meter: ReturnType<typeof metering>;
	readonly id: string;
};

const unmetered: Metered = { refusedForMs: null, headers: {} };

async function serve(served: Served, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
	const gone = new AbortController();
	response.on("close", () => {
		if (!response.writableFinished) gone.abort();
	});
	const path = (incoming.url ?? "").replace(/\?.*$/, "");
	const text = await textOf(incoming);
	const route = routes.find(([pattern]) => pattern.test(path));
	if (text === null) return sendJson(response, 413, { error: { message: "too large a body" } });
	if (route === undefined) return sendJson(response, 404, { error: { message: "no such route" } });
	const [, wire, protocol] = route;
	const body: unknown = JSON.parse(text);
	if (!isJsonObject(body) || !isStreamed(wire, body))
		return sendJson(response, 400, protocol.refusal({ status: 400, message: "this fake only streams" }));
	remember(served, { wire, path, headers: incoming.headers, body });
	const metered = served.meter(wire, Math.ceil(text.length / charactersPerToken), Date.now());
	for (const [name, value] of Object.entries(metered.headers)) response.setHeader(name, value);
	if (metered.refusedForMs !== null)
		return sendJson(response, 429, protocol.refusal({ status: 429, message: "over the limit" }));
	const live =
		body["background"] === true
			? served.background.begin(served.id, response)
			: { outlet: response, gone: gone.signal };
	const attempt = counted(served.attempts, `${wire} ${path} ${text}`);
	const request = requestOf(served.id, { wire, path, body }, { protocol, signal: live.gone, attempt });
	const writerFor = (request.background && protocol.backgroundWriter) || protocol.writer;
	await play(served.options, request, {
		protocol,
		writer: writerFor(request.model, served.id),
		response: live.outlet,
		gone: live.gone,
		goesOnAlone: request.background,
		eventsPerWrite: served.options.eventsPerWrite ?? 1,
		cache: served.caches({ wire, model: request.model, body }),
	});
}

async function play({ brain }: FakeOptions, request: FakeRequest, stage: Stage): Promise<void> {
	const stream = streaming(stage);
	for await (const step of brain(request)) {
		const goesOn = await stream.take(step);
		if (!goesOn || stage.gone.aborted) return;
	}
	await stream.finish();
}

function isStreamed(wire: SpokenWire, body: JsonObject): boolean {
	return wire === "gemini-generate" || body["stream"] === true;
}

function requestOf(
	id: string,
	came: Omit<RecordedRequest, "headers">,
	{
		protocol,
		signal,
		attempt,
	}: { readonly protocol: FakeProtocol; readonly signal: AbortSignal; readonly attempt: number },
): FakeRequest {
	const view = protocol.view(came.body, came.path);
	const messages = view.messages.filter((message) => message.text !== "");
	const userTexts = messages.filter((message) => message.role === "user").map((message) => message.text);
	const background = came.body["background"] === true;
	return { id, wire: came.wire, ...view, messages, userTexts, background, attempt, signal };
}

function remember({ options, requests }: Served, request: RecordedRequest): void {
	requests.push(request);
	if (requests.length > (options.requestsMax ?? 1000)) requests.shift();
}

function counted(attempts: Map<string, number>, key: string): number {
	const count = (attempts.get(key) ?? 0) + 1;
	attempts.delete(key);
	attempts.set(key, count);
	const [oldest] = attempts.keys();
	if (attempts.size > attemptsKeptMax && oldest !== undefined) attempts.delete(oldest);
	return count;
}

async function textOf(incoming: IncomingMessage): Promise<string | null> {
	const chunks: Buffer[] = [];
	let bytes = 0;
	for await (const chunk of incoming) {
		chunks.push(chunk);
		bytes += chunk.length;
		if (bytes > requestBytesMax) return null;
	}
	return Buffer.concat(chunks).toString();
}

function sendJson(
	response: Pick<Outlet, "writeHead">,
	status: number,
	body: JsonObject,
	headers: Record<string, string> = {},
): void {
	response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
}

type Stage = {
	readonly protocol: FakeProtocol;
	readonly writer: FakeWriter;
	readonly response: Outlet;
	/** The answer does not end with its connection. */
	readonly goesOnAlone: boolean;
	readonly gone: AbortSignal;
	readonly eventsPerWrite: number;
	readonly cache: CacheUse;
};

const charactersPerToken = 4;
const bytesPerEvent = 64 * 1024;

/** One answer being written. `take` tells whether the stream goes on after the step. */
function streaming(stage: Stage) {
	const { response, writer, gone } = stage;
	const usage: { -readonly [name in keyof FullUsage]: number } = {
		...stage.cache.usage,
		output: 0,
		reasoning: 0,
	};
	let characters = 0;
	let calls = 0;
	let pending = "";
	let events = 0;
	let hasRead = false;

	async function flush(): Promise<void> {
		const out = pending;
		pending = "";
		events = 0;
		if (out === "" || gone.aborted || response.write(out)) return;
		await new Promise<void>((resolve) => {
			response.once("drain", resolve);
			response.once("close", resolve);
		});
	}

	function begin(): void {
		if (response.headersSent) return;
		response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
		pending += writer.open(usage);
	}

	/** `write` is called after the stream was opened: a writer numbers its events. */
	async function emit(write: () => string): Promise<void> {
		begin();
		// Not before: what goes on in the background is named before its prompt is read.
		if (!hasRead) stage.cache.begun();
		hasRead = true;
		pending += write();
		events += 1;
		if (events >= stage.eventsPerWrite) await flush();
	}

	async function pieces(text: string, chunks: number, write: (piece: string) => string): Promise<void> {
		characters += text.length;
		for (const piece of chunks === 1 ? [text] : splitText(text, chunks)) await emit(() => write(piece));
	}

	async function bytes(total: number): Promise<void> {
		for (let left = total; left > 0 && !gone.aborted; left -= bytesPerEvent)
			await pieces("x".repeat(Math.min(left, bytesPerEvent)), 1, writer.text);
	}

	async function held(until: Promise<unknown>): Promise<void> {
		await flush();
		const left = new Promise((resolve) => gone.addEventListener("abort", resolve, { once: true }));
		if (!gone.aborted) await Promise.race([until, left]);
	}

	/** What goes on in the background says at once under which name; only one that hangs says nothing at all. */
	async function paused(until: Promise<unknown>): Promise<void> {
		if (stage.goesOnAlone) begin();
		await held(until);
	}

	async function cut(): Promise<void> {
		await flush();
		// Else what was written last may be lost with the socket.
		await sleep(20);
		response.destroy();
	}

	async function take(step: Step): Promise<boolean> {
		if ("text" in step) await pieces(step.text, step.chunks ?? 1, writer.text);
		else if ("reasoning" in step) await pieces(step.reasoning, step.chunks ?? 1, writer.reasoning);
		else if ("bytes" in step) await bytes(step.bytes);
		else if ("tool" in step) {
			calls += 1;
			const given = typeof step.arguments === "string" ? step.arguments : JSON.stringify(step.arguments);
			characters += given.length;
			await emit(() => writer.tool({ name: step.tool, arguments: given }));
		} else if ("usage" in step) Object.assign(usage, { cached: 0, written: 0 }, step.usage);
		else return interrupt(step);
		return true;
	}

	async function interrupt(
		step: Exclude<
			Step,
			{ text: string } | { reasoning: string } | { bytes: number } | { tool: string } | { usage: object }
		>,
	): Promise<boolean> {
		if ("waitMs" in step) await paused(sleep(step.waitMs, null, { ref: false }));
		else if ("waitFor" in step) await paused(step.waitFor);
		else if ("malformed" in step) await emit(() => 'data: {"broken":\n\n');
		else if ("hang" in step) await held(new Promise(() => {}));
		else if ("cut" in step) await cut();
		else refuse(step);
		return "waitMs" in step || "waitFor" in step || "malformed" in step || ("cut" in step && stage.goesOnAlone);
	}

	function refuse(step: Extract<Step, { status: number }>): void {
		const { status, retryAfterSeconds, message = `fake status ${step.status}` } = step;
		const refused = { status, message, ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }) };
		sendJson(response, status, stage.protocol.refusal(refused), stage.protocol.headers(retryAfterSeconds));
	}

	async function finish(): Promise<void> {
		const output = usage.output || Math.ceil(characters / charactersPerToken);
		await emit(() => writer.finish({ ...usage, output }, calls > 0 ? "tools" : "end"));
		await flush();
		response.end();
	}

	return { take, finish };
}
