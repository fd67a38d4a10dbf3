import {
	attachmentBytesMax,
	attachmentNameCharsMax,
	attachmentsBytesMax,
	attachmentsMax,
	type MediaType,
} from "../../src/api/attachment-schema.ts";
import { boundedBody } from "../body.ts";
import type { BotDeps } from "../chat.ts";
import type { SentFile } from "./interaction.ts";
import { apiOf } from "./rest.ts";

/** What people attach stands on Discord's own servers, and is fetched from nowhere else. */

const hosts: ReadonlySet<string> = new Set(["cdn.discordapp.com", "media.discordapp.net"]);
const mediaTypes: ReadonlySet<string> = new Set<MediaType>([
	"image/png",
	"image/jpeg",
	"image/gif",
	"image/webp",
	"application/pdf",
	"text/plain",
	"text/markdown",
	"text/csv",
	"application/json",
]);

/** Why these cannot be sent along, in words for the person; null where they can. */
export function faultIn(deps: Pick<BotDeps, "settings">, files: readonly SentFile[]): string | null {
	if (files.length > attachmentsMax) return `I can take at most ${attachmentsMax} files with a question.`;
	if (files.some(({ url }) => !isDiscords(deps, url))) return "I take files from Discord alone.";
	const odd = files.find((file) => !mediaTypes.has(typeOf(file)));
	if (odd !== undefined)
		return "I can look at pictures (PNG, JPEG, GIF, WebP), PDF and plain text, but not at this file.";
	const bytes = files.reduce((sum, { size }) => sum + size, 0);
	const isLarge = bytes > attachmentsBytesMax || files.some(({ size }) => size > attachmentBytesMax);
	return isLarge ? `A file may have at most ${attachmentBytesMax / 1024 / 1024} MiB.` : null;
}

export type Attached = { readonly name: string; readonly media_type: MediaType; readonly data: string };
export type Fetched = { readonly ok: true; readonly attached: readonly Attached[] } | { readonly ok: false };

/** All of them, or none: a question is not asked without what it is about. */
export async function fetched(deps: BotDeps, files: readonly SentFile[], signal: AbortSignal): Promise<Fetched> {
	const attached = await Promise.all(files.map((file) => one(deps, file, signal)));
	const whole = attached.filter((file) => file !== null);
	return whole.length === files.length ? { ok: true, attached: whole } : { ok: false };
}

const fetchMsMax = 8000;

async function one(deps: BotDeps, file: SentFile, signal: AbortSignal): Promise<Attached | null> {
	if (!isDiscords(deps, file.url)) return null;
	const bytes = await bytesAt(deps, file.url, signal);
	if (bytes === null) return null;
	const name = file.filename.replaceAll(/[/\\\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/gu, "_").slice(0, attachmentNameCharsMax);
	// `mediaTypes` holds nothing else, and was asked before.
	return { name: name || "file", media_type: typeOf(file) as MediaType, data: base64Of(bytes) };
}

/** Null where it cannot be had; why is not told, since errors may hold the address. */
async function bytesAt({ fetch: send }: BotDeps, url: string, signal: AbortSignal): Promise<Uint8Array | null> {
	const within = AbortSignal.any([signal, AbortSignal.timeout(fetchMsMax)]);
	try {
		// A redirect could lead anywhere.
		const response = await send(url, { redirect: "manual", signal: within });
		return response.ok ? await boundedBody(response, attachmentBytesMax) : null;
	} catch {
		return null;
	}
}

/** In development Discord's API stands on loopback, and its files with it. */
function isDiscords(deps: Pick<BotDeps, "settings">, text: string): boolean {
	const url = URL.parse(text);
	if (url === null) return false;
	if (url.protocol === "https:" && hosts.has(url.host)) return true;
	const api = new URL(apiOf(deps));
	return isLoopback(api.hostname) && url.origin === api.origin;
}

function isLoopback(hostname: string): boolean {
	return hostname === "localhost" || hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

/** Discord guesses types from names and adds a charset; what it does not know may still be a text by its name. */
function typeOf({ content_type: type, filename }: SentFile): string {
	const named = type?.split(";")[0]?.trim().toLowerCase() ?? "";
	if (mediaTypes.has(named)) return named;
	return /\.(txt|md|log|ya?ml|toml|[cm]?[jt]sx?|py|rs|go|java|c|h|cpp|sh|sql|html|css)$/i.test(filename)
		? "text/plain"
		: named;
}

function base64Of(bytes: Uint8Array): string {
	const pieceBytes = 32_768;
	let text = "";
	for (let at = 0; at < bytes.length; at += pieceBytes)
		text += String.fromCharCode(...bytes.subarray(at, at + pieceBytes));
	return btoa(text);
}
