import { generateKeyPairSync, sign, type KeyObject } from "node:crypto";

/** A key pair as Discord has one for each app. */
export type Signer = {
	/** `DISCORD_PUBLIC_KEY`. */
	readonly publicKey: string;
	/** The headers that sign this body at this moment. */
	readonly headers: (body: string, atMs?: number) => Record<string, string>;
};

/** Signs as Discord does: timestamp and raw body, Ed25519, in hexadecimal. */
export function makeSigner(): Signer {
	const { publicKey, privateKey } = generateKeyPairSync("ed25519");
	return {
		publicKey: hexOf(publicKey),
		headers: (body, atMs = Date.now()) => {
			const timestamp = String(Math.floor(atMs / 1000));
			const signature = sign(null, Buffer.from(timestamp + body), privateKey).toString("hex");
			return {
				"content-type": "application/json",
				"x-signature-ed25519": signature,
				"x-signature-timestamp": timestamp,
			};
		},
	};
}

/** The last 32 bytes of the key's DER form. */
function hexOf(key: KeyObject): string {
	return key.export({ type: "spki", format: "der" }).subarray(-32).toString("hex");
}
