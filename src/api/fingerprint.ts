/** SHA-256 of a JSON value, in hexadecimal; the same whatever the order of keys and the white space it was sent with. */
export async function fingerprintOf(value: unknown): Promise<string> {
	return digestOf(canonical(value));
}

/** SHA-256 of a text, in hexadecimal. */
export async function digestOf(text: string): Promise<string> {
	const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
	return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function canonical(value: unknown): string {
	return JSON.stringify(value, (_, inner: unknown) =>
		isRecord(inner) ? Object.fromEntries(Object.entries(inner).toSorted(byKey)) : inner,
	);
}

function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}

function byKey([one]: [string, unknown], [other]: [string, unknown]): number {
	return one < other ? -1 : 1;
}
