/** A request's body, read no further than `bytesMax`: null as soon as there is more, whatever its length was said to be. */
export async function boundedBody(
	{ headers, body }: Pick<Request, "headers" | "body">,
	bytesMax: number,
): Promise<Uint8Array | null> {
	if (Number(headers.get("content-length") ?? 0) > bytesMax) return null;
	return body === null ? new Uint8Array() : boundedBytes(body, bytesMax);
}

/** A stream's bytes, or null as soon as there are more than `bytesMax`. */
export async function boundedBytes(stream: ReadableStream<Uint8Array>, bytesMax: number): Promise<Uint8Array | null> {
	const chunks: Uint8Array[] = [];
	let size = 0;
	// Leaving the loop early cancels the rest.
	for await (const chunk of stream) {
		size += chunk.byteLength;
		if (size > bytesMax) return null;
		chunks.push(chunk);
	}
	const bytes = new Uint8Array(size);
	let at = 0;
	for (const chunk of chunks) {
		bytes.set(chunk, at);
		at += chunk.byteLength;
	}
	return bytes;
}
