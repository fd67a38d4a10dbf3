import { readFile, stat } from "node:fs/promises";
import { basename, extname } from "node:path";
import { attachmentBytesMax, attachmentsBytesMax, attachmentsMax, type MediaType } from "../api/attachment-schema.ts";

type Attachment = { readonly name: string; readonly media_type: MediaType; readonly data: string };

/** The files named by `--attach`, as the API takes them; an error that names the first one that cannot be sent. */
export async function attachmentsFrom(paths: readonly string[]): Promise<readonly Attachment[] | Error> {
	if (paths.length > attachmentsMax) return new Error(`--attach: at most ${attachmentsMax} files can be attached.`);
	const attachments: Attachment[] = [];
	let bytes = 0;
	for (const path of paths) {
		const media_type = mediaTypes[extname(path).toLowerCase()];
		if (media_type === undefined) return new Error(`--attach: ${path} must end in one of ${endings}.`);
		const content = await contentOf(path);
		if (content instanceof Error) return content;
		bytes += content.byteLength;
		attachments.push({ name: basename(path), media_type, data: content.toString("base64") });
	}
	if (bytes <= attachmentsBytesMax) return attachments;
	return new Error(
		`--attach: the files have ${bytes} bytes together; at most ${attachmentsBytesMax} can be attached.`,
	);
}

/** Its size is asked first: nobody wants to read a film into memory to be told that it is too large. */
async function contentOf(path: string): Promise<Buffer | Error> {
	try {
		const { size } = await stat(path);
		if (size <= attachmentBytesMax) return await readFile(path);
		return new Error(`--attach: ${path} has ${size} bytes; at most ${attachmentBytesMax} can be attached.`);
	} catch (error) {
		return new Error(`--attach: ${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
	}
}

const mediaTypes: Partial<Record<string, MediaType>> = {
	".png": "image/png",
	".jpg": "image/jpeg",
	".jpeg": "image/jpeg",
	".gif": "image/gif",
	".webp": "image/webp",
	".pdf": "application/pdf",
	".txt": "text/plain",
	".md": "text/markdown",
	".csv": "text/csv",
	".json": "application/json",
};
const endings = Object.keys(mediaTypes).join(", ");
