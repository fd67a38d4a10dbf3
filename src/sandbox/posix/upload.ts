import { failing, succeeded, type Outcome } from "../sandbox.ts";
import type { Machine } from "./provider.ts";

/** Of a file in one command, before base64: no kernel takes a longer word than 131,072 bytes. */
const pieceBytesMax = 61_440;
const pieceMs = 15_000;

/** Writes a file in pieces, as commands: for places that do not say what the paths of their own uploads are relative to. */
export async function upload(
	exec: Machine["exec"],
	...[path, bytes, signal]: Parameters<Machine["write"]>
): Promise<Outcome<null>> {
	const begin = await exec(["/bin/sh", "-c", 'mkdir -p "$(dirname "$1")" && : >"$1"', "sh", path], pieceMs, signal);
	if (!begin.ok) return begin;
	for (let at = 0; at < bytes.length; at += pieceBytesMax) {
		const piece = base64Of(bytes.subarray(at, at + pieceBytesMax));
		const script = 'printf %s "$2" | base64 -d >>"$1"';
		const added = await exec(["/bin/sh", "-c", script, "sh", path, piece], pieceMs, signal);
		if (!added.ok) return added;
		if (added.value.code !== 0)
			return failing({ code: "unavailable", retryAfterMs: null, message: "The machine could not write a file." });
	}
	return succeeded(null);
}

/** As RFC 4648 has it. */
export function base64Of(bytes: Uint8Array): string {
	let text = "";
	for (const byte of bytes) text += String.fromCharCode(byte);
	return btoa(text);
}
