export type SseMessage = { readonly event: string; readonly data: string; readonly id: string };

export const messageCharsMax = 8_388_608;

/** The messages of a `text/event-stream` body, wherever the reads cut it. Comments (heartbeats) pass unseen. */
export async function* sseMessages(body: ReadableStream<Uint8Array>): AsyncGenerator<SseMessage, void, void> {
	const decoder = new TextDecoder();
	let rest = "";
	// Leaving early (a caller that stops, a message too long) cancels the body.
	for await (const chunk of body) {
		rest += decoder.decode(chunk, { stream: true });
		const blocks = rest.split(/\r?\n\r?\n/);
		rest = blocks.pop() ?? "";
		if (rest.length > messageCharsMax)
			throw new Error(`a message of the event stream is longer than ${messageCharsMax} characters`);
		yield* blocks.flatMap(messageOf);
	}
}

function messageOf(block: string): readonly SseMessage[] {
	const fields = { event: "message", data: [] as string[], id: "" };
	for (const line of block.split(/\r?\n/)) {
		const [, name, value] = /^(event|data|id): ?(.*)$/s.exec(line) ?? [];
		if (name === "data") fields.data.push(value ?? "");
		if (name === "event") fields.event = value ?? "";
		if (name === "id") fields.id = value ?? "";
	}
	return fields.data.length === 0 ? [] : [{ event: fields.event, data: fields.data.join("\n"), id: fields.id }];
}
