/** A `fetch` whose connection breaks after this many events of the first stream; later ones are whole. */
export function cutAfter(events: number): typeof fetch {
	let isFirst = true;
	return async (input, init) => {
		const response = await fetch(input, init);
		if (!isFirst || response.body === null) return response;
		isFirst = false;
		return new Response(beginning(response.body, events), response);
	};
}

function beginning(body: ReadableStream<Uint8Array>, events: number): ReadableStream<Uint8Array> {
	const reader = body.pipeThrough(new TextDecoderStream()).getReader();
	const pieces = eventsOf(reader);
	let left = events;
	return new ReadableStream({
		pull: async (controller) => {
			const piece = left > 0 ? await pieces.next() : null;
			left -= 1;
			if (piece !== null && !piece.done) return controller.enqueue(new TextEncoder().encode(piece.value));
			// The other end need not agree for a connection to break.
			reader.cancel().catch(() => {});
			controller.error(new Error("connection lost"));
		},
		cancel: () => reader.cancel(),
	});
}

async function* eventsOf(reader: ReadableStreamDefaultReader<string>): AsyncGenerator<string> {
	let text = "";
	for (;;) {
		const at = text.indexOf("\n\n");
		if (at >= 0) {
			yield text.slice(0, at + 2);
			text = text.slice(at + 2);
			continue;
		}
		const { done, value } = await reader.read();
		if (done) return;
		text += value;
	}
}
