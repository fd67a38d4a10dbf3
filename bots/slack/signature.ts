/** What came of looking at a request's signature; only `good` may be worked on. */
export type Verdict = "good" | "missing" | "malformed" | "stale" | "wrong";

/** Slack's own window against replays. */
export const ageMaxS = 300;

const version = "v0";
const digestBytes = 32;

/**
 * Whether Slack has signed this body: https://docs.slack.dev/authentication/verifying-requests-from-slack. Several secrets
 * hold while one replaces the other; WebCrypto compares in constant time.
 */
export async function verdictOn(
	headers: Headers,
	body: Uint8Array,
	{ secrets, nowMs }: { readonly secrets: readonly string[]; readonly nowMs: number },
): Promise<Verdict> {
	const signature = headers.get("x-slack-signature");
	const timestamp = headers.get("x-slack-request-timestamp");
	if (signature === null || timestamp === null) return "missing";
	const digest = digestIn(signature);
	if (digest === null || !/^\d{1,12}$/.test(timestamp)) return "malformed";
	if (Math.abs(nowMs / 1000 - Number(timestamp)) > ageMaxS) return "stale";
	const signed = joined(new TextEncoder().encode(`${version}:${timestamp}:`), body);
	const matches = await Promise.all(secrets.map((secret) => isOf(secret, digest, signed)));
	return matches.includes(true) ? "good" : "wrong";
}

/** `SLACK_SIGNING_SECRET` may hold the old and the new one, separated by a comma. An empty one would let anybody sign. */
export function secretsIn(setting: string | undefined): readonly string[] {
	return (setting ?? "").split(/[\s,]+/).filter((secret) => secret !== "");
}

async function isOf(
	secret: string,
	digest: Uint8Array<ArrayBuffer>,
	signed: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
	const hmac = { name: "HMAC", hash: "SHA-256" };
	const key = await crypto.subtle.importKey("raw", new TextEncoder().encode(secret), hmac, false, ["verify"]);
	return crypto.subtle.verify("HMAC", key, digest, signed);
}

function digestIn(signature: string): Uint8Array<ArrayBuffer> | null {
	const hex = /^v0=([0-9a-f]{64})$/.exec(signature)?.[1];
	if (hex === undefined) return null;
	return Uint8Array.from({ length: digestBytes }, (_, at) => Number.parseInt(hex.slice(2 * at, 2 * at + 2), 16));
}

function joined(before: Uint8Array, after: Uint8Array): Uint8Array<ArrayBuffer> {
	const bytes = new Uint8Array(before.byteLength + after.byteLength);
	bytes.set(before, 0);
	bytes.set(after, before.byteLength);
	return bytes;
}
