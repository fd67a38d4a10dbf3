import { z } from "zod";
import { imageTypes, type FileRef, type NewFile } from "../consensus/events.ts";
import { bytesIn, decodedBytes } from "../std/base64.ts";
import { branded } from "./branded.ts";

/** Pictures and documents that a person sends with a question: at most so many, each and together so large (decoded). */
export const attachmentsMax = 8;
export const attachmentBytesMax = 2 * 1024 * 1024;
export const attachmentsBytesMax = 3 * 1024 * 1024;
export const attachmentNameCharsMax = 200;
/** What they add to the body of a request that carries them. */
export const attachmentsCharsMax = (attachmentsBytesMax / 3) * 4;

const textTypes = ["text/plain", "text/markdown", "text/csv", "application/json"] as const;
const mediaTypes = [...imageTypes, "application/pdf", ...textTypes] as const;
export type MediaType = (typeof mediaTypes)[number];

const attachment = z
	.strictObject({
		name: z
			.string()
			.max(attachmentNameCharsMax)
			.regex(
				/^[^/\\\p{Cc}\p{Cs}\p{Zl}\p{Zp}]*$/u,
				"must be a file's name, without slashes and control characters",
			)
			.regex(/\S/, "must not be empty"),
		media_type: z.enum(mediaTypes),
		data: z.string(),
	})
	.superRefine(({ media_type, data }, context) => {
		const message = faultIn(media_type, data);
		if (message !== null) context.addIssue({ code: "custom", path: ["data"], message });
	});
type Attachment = z.output<typeof attachment>;

/** What a question or message may bring along. */
export const Attachments = z.array(attachment).max(attachmentsMax).superRefine(fitTogether);

/** A file as the log and the answers of the API name it. */
export const fileRef = z.object({
	file: branded<FileRef["file"]>(z.string()),
	name: z.string(),
	media_type: z.string(),
	bytes: z.int(),
}) satisfies z.ZodType<FileRef>;

/** As the session takes them. */
export function newFiles(attachments: readonly Attachment[]): readonly NewFile[] {
	return attachments.map(({ name, media_type, data }) => ({ name, media_type, base64: data }));
}

/** Their first bytes, as the formats have them; a PDF may begin a little later (ISO 32000, H.3, note 13). */
const signatures: Partial<Record<MediaType, (start: string) => boolean>> = {
	"image/png": (start) => start.startsWith("\u0089PNG\r\n\u001A\n"),
	"image/jpeg": (start) => start.startsWith("\u00FF\u00D8\u00FF"),
	"image/gif": (start) => start.startsWith("GIF87a") || start.startsWith("GIF89a"),
	"image/webp": (start) => start.startsWith("RIFF") && start.startsWith("WEBP", 8),
	"application/pdf": (start) => start.includes("%PDF-"),
};
/** Base64 of the first 1 KiB and a little more. */
const startChars = 1368;

function faultIn(mediaType: MediaType, data: string): string | null {
	const bytes = decodedBytes(data);
	if (bytes === null) return "must be base64 (RFC 4648), padded and without line breaks";
	if (bytes === 0) return "must not be empty";
	if (bytes > attachmentBytesMax) return `must be at most ${attachmentBytesMax} bytes when decoded`;
	const signature = signatures[mediaType];
	if (signature === undefined) return isText(data) ? null : `is not ${mediaType}: it is no UTF-8 text`;
	return signature(atob(data.slice(0, startChars))) ? null : `is not ${mediaType}: it begins otherwise`;
}

function isText(data: string): boolean {
	try {
		new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytesIn(data));
		return true;
	} catch {
		return false;
	}
}

function fitTogether(attachments: readonly Attachment[], context: z.core.$RefinementCtx): void {
	const bytes = attachments.reduce((sum, { data }) => sum + (decodedBytes(data) ?? 0), 0);
	if (bytes <= attachmentsBytesMax) return;
	const message = `must be at most ${attachmentsBytesMax} bytes together when decoded`;
	context.addIssue({ code: "custom", path: [], message });
}
