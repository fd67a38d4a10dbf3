import type { Usage } from "../../src/backends/backend.ts";
import type { JsonObject } from "../../src/std/json.ts";

/** One thing a fake provider does. `arguments` as text are sent as they are, broken or not. */
export type Step =
	| { readonly text: string; readonly chunks?: number }
	| { readonly reasoning: string; readonly chunks?: number }
	| { readonly bytes: number }
	| { readonly tool: string; readonly arguments: JsonObject | string }
	| { readonly usage: Partial<Usage> }
	| { readonly waitMs: number }
	| { readonly waitFor: Promise<unknown> }
	| { readonly status: number; readonly retryAfterSeconds?: number; readonly message?: string }
	| { readonly cut: true }
	| { readonly malformed: true }
	| { readonly hang: true };

export type FakeWire = "anthropic-messages" | "openai-responses" | "openai-chat" | "gemini-generate";
/** Gemini's other protocol is spoken to by the same host. */
export type SpokenWire = FakeWire | "gemini-interactions";
export type FakeMessage = { readonly role: "user" | "assistant" | "tool"; readonly text: string };

/** A request as the brain sees it, whatever wire it came by. */
export type FakeRequest = {
	/** Of its answer, as the wires' own names of it are made of. */
	readonly id: string;
	readonly wire: SpokenWire;
	readonly model: string;
	readonly system: string;
	readonly userTexts: readonly string[];
	readonly messages: readonly FakeMessage[];
	readonly tools: readonly { readonly name: string; readonly parameters: unknown }[];
	/** Whether the answer is to go on, and to be kept, when its connection is lost. */
	readonly background: boolean;
	/** How many times this very body has come, this one included: 2 and more are retries. */
	readonly attempt: number;
	/** Aborted when the client has gone. */
	readonly signal: AbortSignal;
};

export type Brain = (request: FakeRequest) => readonly Step[] | AsyncIterable<Step>;

/** Every number known: what is written at the end of a stream. */
export type FullUsage = { readonly [name in keyof Usage]: number };

export type FakeCall = { readonly name: string; readonly arguments: string };

/** How one wire writes a stream, each method giving finished events as text. */
export type FakeWriter = {
	/** `usage`: of the input, which is known from the start. */
	readonly open: (usage: FullUsage) => string;
	readonly text: (piece: string) => string;
	readonly reasoning: (piece: string) => string;
	readonly tool: (call: FakeCall) => string;
	readonly finish: (usage: FullUsage, stop: "end" | "tools") => string;
};

export type Refused = { readonly status: number; readonly message: string; readonly retryAfterSeconds?: number };

export type FakeProtocol = {
	readonly view: (
		body: JsonObject,
		path: string,
	) => Omit<FakeRequest, "id" | "wire" | "attempt" | "signal" | "userTexts" | "background">;
	readonly writer: (model: string, id: string) => FakeWriter;
	/** For an answer that goes on in the background, where that is written another way. */
	readonly backgroundWriter?: (model: string, id: string) => FakeWriter;
	/** The body of an HTTP error, as this provider words it. */
	readonly refusal: (refused: Refused) => JsonObject;
	readonly headers: (retryAfterSeconds: number | undefined) => Record<string, string>;
};

/** Pieces of nearly equal length; never a surrogate pair cut in two. */
export function splitText(text: string, chunks: number): string[] {
	const points = Array.from(text);
	const count = Math.max(1, Math.min(chunks, points.length));
	return Array.from({ length: count }, (_, index) =>
		points
			.slice(Math.floor((index * points.length) / count), Math.floor(((index + 1) * points.length) / count))
			.join(""),
	);
}

/** One SSE event; `name` only where the wire names its events. */
export function sse(payload: string, name?: string): string {
	return name === undefined ? `data: ${payload}\n\n` : `event: ${name}\ndata: ${payload}\n\n`;
}

/** The text of a content that is a string or a list of parts with a `text`, `content` or `output` in them. */
export function flatText(content: unknown): string {
	if (typeof content === "string") return content;
	if (Array.isArray(content)) return content.map(flatText).join("");
	if (typeof content !== "object" || content === null) return "";
	const found = textKeys.find((key) => key in content);
	return found === undefined ? "" : flatText(content[found as keyof typeof content]);
}

/** Where a part of some wire keeps its text, or the part that does. */
const textKeys = ["text", "content", "output", "error", "parts", "functionResponse", "response"];
