/** Bodies of others, which may be longer than anybody wants to read. */

/** Null where there is more than `bytesMax`, or it is no UTF-8. */
export async function boundedText(body: Request | Response, bytesMax: number): Promise<string | null> {
	const bytes = await boundedBytes(body, bytesMax);
	if (bytes === null) return null;
	try {
		return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
	} catch {
		return null;
	}
}

/** Null as soon as there is more than `bytesMax`, whatever the Content-Length says. */
export async function boundedBytes(
	{ body, headers }: Request | Response,
	bytesMax: number,
): Promise<Uint8Array<ArrayBuffer> | null> {
	if (Number(headers.get("content-length") ?? 0) > bytesMax) {
		await body?.cancel();
		return null;
	}
	const chunks: Uint8Array[] = [];
	let size = 0;
	// Leaving the loop early cancels the rest of the body.
	for await (const chunk of body ?? []) {
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

/** Null where it is no JSON, or longer. */
export async function parsedJson(body: Request | Response, bytesMax: number): Promise<unknown> {
	return jsonIn(await boundedText(body, bytesMax));
}

/** Null where it is no JSON. */
export function jsonIn(text: string | null): unknown {
	if (text === null) return null;
	try {
		const parsed: unknown = JSON.parse(text);
		return parsed;
	} catch {
		return null;
	}
}
