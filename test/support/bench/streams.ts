import { fakeAnthropic } from "../fake-anthropic.ts";
import { fakeGemini } from "../fake-gemini.ts";
import { fakeInteractions } from "../fake-gemini-interactions.ts";
import { fakeChat, fakeResponses } from "../fake-openai.ts";
import type { FakeCall, FakeProtocol, SpokenWire } from "../fake-script.ts";

/** Pieces of text before the tool call: with the call and the end, each stream has at least 200 events. */
export const textPieces = 198;

export type StreamsOf = (path: string, body: string) => readonly Buffer[] | null;

/** Finds the stream that answers a request, one buffer an event; null for a path of no wire. Each is made once. */
export function makeStreams(): StreamsOf {
	const made = new Map<string, readonly Buffer[]>();
	return (path, body) => {
		const wire = wireOf(path);
		if (wire === null) return null;
		const call = callFor(path, body);
		const key = `${wire} ${call.arguments}`;
		const stream = made.get(key) ?? eventsOf(protocols[wire], call);
		made.set(key, stream);
		return stream;
	};
}

const protocols: Record<SpokenWire, FakeProtocol> = {
	"anthropic-messages": fakeAnthropic,
	"openai-responses": fakeResponses,
	"openai-chat": fakeChat,
	"gemini-generate": fakeGemini,
	"gemini-interactions": fakeInteractions,
};

const ends: readonly (readonly [string, SpokenWire])[] = [
	["/messages", "anthropic-messages"],
	["/responses", "openai-responses"],
	["/chat/completions", "openai-chat"],
	[":streamGenerateContent", "gemini-generate"],
	["/interactions", "gemini-interactions"],
];

function wireOf(path: string): SpokenWire | null {
	const [bare = ""] = path.split("?");
	return ends.find(([end]) => bare.endsWith(end))?.[1] ?? null;
}

/** Who sees the answer of the first agent votes for it; who sees none answers. Read from the JSON as it came. */
function callFor(path: string, body: string): FakeCall {
	const label = /label=\\"(answer_\d+)\\">Plan 1/.exec(body)?.[1];
	if (label !== undefined)
		return { name: "vote", arguments: JSON.stringify({ answer: label, reason: "It is complete." }) };
	const agent = /models\/m(\d):/.exec(path)?.[1] ?? /"model":"m(\d)"/.exec(body)?.[1] ?? "?";
	return { name: "new_answer", arguments: JSON.stringify({ content: `Plan ${agent}: begin with step ${agent}.` }) };
}

function eventsOf(protocol: FakeProtocol, call: FakeCall): readonly Buffer[] {
	const writer = protocol.writer("bench", "b1");
	const usage = { input: 900, output: 400, cached: 0, reasoning: 0 };
	const text = Array.from({ length: textPieces }, (_, at) => writer.text(` thought ${at}`));
	const parts = [writer.open(usage), ...text, writer.tool(call), writer.finish(usage, "tools")];
	return parts.flatMap(eventsIn).map((event) => Buffer.from(event));
}

/** What a writer gives may be several events; each goes out as a chunk of its own. */
function eventsIn(text: string): readonly string[] {
	return text.split(/(?<=\r\n\r\n|(?<!\r)\n\n)/).filter((event) => event !== "");
}
