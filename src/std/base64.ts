/** How many bytes this text decodes to; null unless it is base64 as RFC 4648 has it: padded, canonical, no line breaks. */
export function decodedBytes(text: string): number | null {
	const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
	const digits = text.length - padding;
	// A search for what does not belong: a pattern for the whole would run out of stack on megabytes.
	if (text.length % 4 !== 0 || /[^A-Za-z0-9+/]/.test(text.slice(0, digits))) return null;
	const spareBits = alphabet.indexOf(text[digits - 1] ?? "A") & spareMask[padding];
	return spareBits === 0 ? (text.length / 4) * 3 - padding : null;
}

/** The bytes of base64 that `decodedBytes` has found good. */
export function bytesIn(base64: string): Uint8Array<ArrayBuffer> {
	const text = atob(base64);
	const bytes = new Uint8Array(text.length);
	for (let at = 0; at < text.length; at += 1) bytes[at] = text.charCodeAt(at);
	return bytes;
}

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
/** Bits of the last digit that no byte takes, by how much padding follows it. */
const spareMask = [0, 0b0011, 0b1111] as const;
