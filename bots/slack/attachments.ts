import { z } from "zod";
import type { Client } from "../../src/api/client.ts";
import {
	attachmentBytesMax,
	attachmentNameCharsMax,
	attachmentsBytesMax,
	attachmentsMax,
} from "../../src/api/attachment-schema.ts";
import { boundedBytes } from "../body.ts";
import { isSlackHost } from "./client.ts";
import type { Desk } from "./desk.ts";

const word = z.string().nullish().catch(null);
/** The files of a message as Slack names them; one in another workspace's hands may have nothing but an id. */
export const SharedFiles = z
	.array(
		z.object({
			name: word,
			mimetype: word,
			size: z.number().nullish().catch(null),
			url_private: word,
			url_private_download: word,
		}),
	)
	.catch([]);
export type Shared = Partial<z.output<typeof SharedFiles>[number]>;

type Attachment = NonNullable<NonNullable<Parameters<Client["send"]>[2]>["attachments"]>[number];
export type Taken = { readonly attachments: readonly Attachment[]; readonly skipped: readonly string[] };

const mediaTypes = [
	"image/png",
	"image/jpeg",
	"image/gif",
	"image/webp",
	"application/pdf",
	"text/plain",
	"text/markdown",
	"text/csv",
	"application/json",
] as const satisfies readonly Attachment["media_type"][];

const fetchTimeoutMs = 6000;

/** The files of a message as a session takes them; of those that it would not take, why. */
export async function taken(desk: Desk, files: readonly Shared[]): Promise<Taken> {
	const looked = await Promise.all(files.slice(0, attachmentsMax).map((file) => fetched(desk, file)));
	const attachments: Attachment[] = [];
	const skipped = files
		.slice(attachmentsMax)
		.map(({ name }) => `${nameOf(name)} (more than ${attachmentsMax} files)`);
	let bytes = 0;
	for (const { file, found } of looked) {
		if (typeof found !== "string") bytes += found.bytes.byteLength;
		if (typeof found === "string") skipped.push(`${nameOf(file.name)} (${found})`);
		else if (bytes > attachmentsBytesMax) skipped.push(`${nameOf(file.name)} (too much together)`);
		else attachments.push({ name: nameOf(file.name), media_type: found.type, data: base64Of(found.bytes) });
	}
	return { attachments, skipped };
}

type Found = { readonly type: Attachment["media_type"]; readonly bytes: Uint8Array };

async function fetched(desk: Desk, file: Shared): Promise<{ readonly file: Shared; readonly found: Found | string }> {
	const url = file.url_private_download ?? file.url_private ?? "";
	const type = mediaTypes.find((known) => known === file.mimetype?.split(";")[0]);
	if (type === undefined) return { file, found: "this kind of file cannot be read" };
	if ((file.size ?? 0) > attachmentBytesMax) return { file, found: "too large" };
	// The token goes to Slack's files and nowhere else, whatever the message says.
	if (!isSlackHost(desk.deps, url)) return { file, found: "not a file of Slack's" };
	const bytes = await bytesAt(desk, url);
	return { file, found: typeof bytes === "string" ? bytes : { type, bytes } };
}

async function bytesAt({ deps, workspace }: Desk, url: string): Promise<Uint8Array | string> {
	const headers = { authorization: `Bearer ${workspace.token}` };
	const signal = AbortSignal.timeout(fetchTimeoutMs);
	try {
		const response = await deps.fetch(url, { headers, redirect: "manual", signal });
		// Whoever lacks the scope `files:read` is shown the page to log in.
		const isPage = response.headers.get("content-type")?.startsWith("text/html") === true;
		if (response.status !== 200 || response.body === null || isPage) {
			await response.body?.cancel();
			return "Slack does not let me read it";
		}
		const bytes = await boundedBytes(response.body, attachmentBytesMax);
		if (bytes === null) return "too large";
		return bytes.byteLength === 0 ? "empty" : bytes;
	} catch {
		return "Slack did not send it";
	}
}

/** As a session takes names. */
function nameOf(name: string | null | undefined): string {
	const kept = (name ?? "").replaceAll(/[/\\\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/gu, "").trim();
	return kept.slice(0, attachmentNameCharsMax) || "file";
}

const piece = 0x8000;

function base64Of(bytes: Uint8Array): string {
	let text = "";
	for (let at = 0; at < bytes.byteLength; at += piece) text += String.fromCharCode(...bytes.subarray(at, at + piece));
	return btoa(text);
}
