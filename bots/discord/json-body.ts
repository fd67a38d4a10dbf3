import { boundedBody } from "../body.ts";

/** Null where it is no JSON, or longer. */
export async function parsedJson(body: Response, bytesMax: number): Promise<unknown> {
	const bytes = await boundedBody(body, bytesMax);
	return bytes === null ? null : jsonIn(textIn(bytes));
}

/** Empty where it is no UTF-8. */
export function textIn(bytes: Uint8Array): string {
	try {
		return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
	} catch {
		return "";
	}
}

/** Null where it is no JSON. */
export function jsonIn(text: string): unknown {
	try {
		const parsed: unknown = JSON.parse(text);
		return parsed;
	} catch {
		return null;
	}
}
