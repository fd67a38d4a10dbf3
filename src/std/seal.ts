import { bytesIn, decodedBytes } from "./base64.ts";

/** Secrets as text that may be stored: nobody reads or changes them without the key, or moves one under another name. */
export type Seal = {
	/** `name` says what the secret is for, like `backend:openai`; whoever opens it has to know. */
	readonly seal: (name: string, secret: string) => Promise<string>;
	/** Null where it cannot be opened: another key, another name, or a text that was changed. */
	readonly open: (name: string, sealed: string) => Promise<string | null>;
};

/**
 * From which settings keys are made, by the letter that a sealed text is marked with; the first that is set seals. A text
 * is opened with the key that it names, so what was sealed before VAULT_KEY was set can still be read.
 */
export type SealKeys = { readonly v?: string | undefined; readonly a?: string | undefined };

export const secretCharsMax = 16_384;

/** AES-256-GCM, whose keys come by HKDF-SHA-256 (RFC 5869) from settings of any length. Null where none is set. */
export function makeSeal(crypto: Crypto, settings: SealKeys): Seal | null {
	const { v = "", a = "" } = settings;
	const given = Object.entries({ v, a }).filter(([, text]) => text !== "");
	const keys = new Map(given.map(([mark, text]) => [mark, lazily(() => keyFrom(crypto, text))]));
	const first = keys.entries().next();
	if (first.done === true) return null;
	const [mark, sealing] = first.value;
	return {
		seal: async (name, secret) => {
			if (secret.length > secretCharsMax)
				throw new RangeError(`a secret has at most ${secretCharsMax} characters`);
			const head = `${version}.${mark}`;
			const iv = crypto.getRandomValues(new Uint8Array(ivBytes));
			const params = { name: algorithm, iv, additionalData: bound(head, name) };
			const text = await crypto.subtle.encrypt(params, await sealing(), encoder.encode(secret));
			return `${head}.${base64Of(iv)}.${base64Of(new Uint8Array(text))}`;
		},
		open: async (name, sealed) => {
			const parts = partsOf(sealed);
			const key = parts === null ? undefined : keys.get(parts.mark);
			if (parts === null || key === undefined) return null;
			const { iv, text } = parts;
			const params = { name: algorithm, iv, additionalData: bound(parts.head, name) };
			return opened(crypto, { params, key: await key(), text });
		},
	};
}

const version = "v1";
const algorithm = "AES-GCM";
/** NIST SP 800-38D, 8.2.2: drawn anew for each text, 96 bits are enough for 2^32 of them. */
const ivBytes = 12;
const encoder = new TextEncoder();

async function keyFrom(crypto: Crypto, text: string): Promise<CryptoKey> {
	const material = await crypto.subtle.importKey("raw", encoder.encode(text), "HKDF", false, ["deriveKey"]);
	const hkdf = {
		name: "HKDF",
		hash: "SHA-256",
		salt: new Uint8Array(),
		info: encoder.encode("massgen-edge seal v1"),
	};
	return crypto.subtle.deriveKey(hkdf, material, { name: algorithm, length: 256 }, false, ["encrypt", "decrypt"]);
}

function lazily<T>(make: () => Promise<T>): () => Promise<T> {
	let made: Promise<T> | null = null;
	return () => (made ??= make());
}

/** What the cipher checks besides the text: how it was made, and what it is for. */
function bound(head: string, name: string): Uint8Array {
	return encoder.encode(`${head}.${name}`);
}

type Parts = { readonly head: string; readonly mark: string; readonly iv: Uint8Array; readonly text: Uint8Array };

function partsOf(sealed: string): Parts | null {
	const [given, mark = "", iv = "", text = "", ...more] = sealed.split(".");
	if (given !== version || more.length > 0 || decodedBytes(iv) !== ivBytes || decodedBytes(text) === null)
		return null;
	return { head: `${version}.${mark}`, mark, iv: bytesIn(iv), text: bytesIn(text) };
}

type Opening = {
	readonly params: { readonly name: string; readonly iv: Uint8Array; readonly additionalData: Uint8Array };
	readonly key: CryptoKey;
	readonly text: Uint8Array;
};

/** The cipher says no by throwing, and does not say why. */
async function opened(crypto: Crypto, { params, key, text }: Opening): Promise<string | null> {
	try {
		return new TextDecoder().decode(await crypto.subtle.decrypt(params, key, text));
	} catch {
		return null;
	}
}

function base64Of(bytes: Uint8Array): string {
	let text = "";
	for (const byte of bytes) text += String.fromCharCode(byte);
	return btoa(text);
}
