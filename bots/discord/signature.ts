import { verifyKey } from "discord-interactions";

/** Older or younger than this by our clock: somebody sends again what was sent once. Discord itself names no bound. */
export const timestampSecondsMax = 300;

export type Signed = { readonly headers: Headers; readonly body: string; readonly publicKey: string };

/**
 * Whether Discord has signed this body now. The form is looked at first: the runtime differs from the specification where
 * a signature is too short.
 */
export async function isFromDiscord({ headers, body, publicKey }: Signed, nowMs: number): Promise<boolean> {
	const signature = headers.get("x-signature-ed25519") ?? "";
	const timestamp = headers.get("x-signature-timestamp") ?? "";
	if (body === "" || !/^[0-9a-f]{128}$/i.test(signature) || !/^\d{1,12}$/.test(timestamp)) return false;
	if (Math.abs(nowMs / 1000 - Number(timestamp)) > timestampSecondsMax) return false;
	return verifyKey(body, signature, timestamp, publicKey);
}

/** 32 bytes in hexadecimal, as the developer portal shows it. */
export function isPublicKey(text: string): boolean {
	return /^[0-9a-f]{64}$/i.test(text);
}
