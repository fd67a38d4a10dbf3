import { assert } from "../../std/assert.ts";
import type { Attachment, Message } from "../backend.ts";

/** What a wire makes of one attachment. `text` gets the decoded file in a block that says its name. */
export type AttachmentWriter<Part> = {
	readonly image: (attachment: Attachment) => Part;
	readonly pdf: (attachment: Attachment) => Part;
	readonly text: (block: string) => Part;
};

/** The parts that stand before the text of their message, so that agents asked the same share what is long. */
export function attachmentParts<Part>(
	attachments: readonly Attachment[],
	writer: AttachmentWriter<Part>,
): readonly Part[] {
	return attachments.map((attachment) => {
		const kind = attachmentKind(attachment);
		assert(kind !== null, "a request with an attachment of another kind is not built");
		return kind === "text" ? writer.text(textBlock(attachment)) : writer[kind](attachment);
	});
}

/** All attachments of a transcript. */
export function attachmentsIn(messages: readonly Message[]): readonly Attachment[] {
	return messages.flatMap((message) => (message.role === "user" ? (message.attachments ?? []) : []));
}

/** How many characters of base64 they are together. */
export function base64CharactersIn(messages: readonly Message[]): number {
	return attachmentsIn(messages).reduce((sum, { base64 }) => sum + base64.length, 0);
}

/** How an attachment is sent; null for one that no wire takes. */
export function attachmentKind({ mediaType }: Attachment): keyof AttachmentWriter<unknown> | null {
	if (mediaType.startsWith("text/")) return "text";
	return kinds.get(mediaType) ?? null;
}

const kinds: ReadonlyMap<string, "image" | "pdf"> = new Map([
	["image/jpeg", "image"],
	["image/png", "image"],
	["image/gif", "image"],
	["image/webp", "image"],
	["application/pdf", "pdf"],
]);

/** RFC 2397. */
export function dataUrl({ mediaType, base64 }: Attachment): string {
	return `data:${mediaType};base64,${base64}`;
}

/** What the file itself says of attachments is not to be taken for an end of this block, or for another one. */
function textBlock({ name, base64 }: Attachment): string {
	const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
	const text = new TextDecoder().decode(bytes).replaceAll(/<(?=\s*\/?\s*attachment\b)/gi, "&lt;");
	return `<attachment name=${JSON.stringify(name)}>\n${text}\n</attachment>`;
}
