/** A message's own number, by which Discord knows a second one for a few minutes: at most 25 characters. */
export async function nonceOf(name: string): Promise<string> {
	const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(name));
	return [...new Uint8Array(digest).subarray(0, 12)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
