/** As small as a parser of event streams can be: each event's payload, parsed, to a callback. */
export async function eventsIn(body: ReadableStream<Uint8Array>, onEvent: (payload: unknown) => void): Promise<void> {
	const decoder = new TextDecoder();
	let rest = "";
	for await (const piece of body) {
		const lines = (rest + decoder.decode(piece, { stream: true })).split("\n");
		rest = lines.pop() ?? "";
		for (const line of lines)
			if (line.startsWith("data: ") && !line.startsWith("data: [DONE]")) onEvent(JSON.parse(line.slice(6)));
	}
}
