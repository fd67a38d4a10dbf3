import type { MediaType } from "../../api/attachment-schema.ts";
import type { Attached } from "./draft.ts";

/** As the server has them; a larger file is not even read. */
export const attachmentsMax = 8;
export const fileBytesMax = 2 * 1024 * 1024;

/** By the end of the name, because browsers do not agree on types. */
const types: Readonly<Record<string, MediaType>> = {
	png: "image/png",
	jpg: "image/jpeg",
	jpeg: "image/jpeg",
	gif: "image/gif",
	webp: "image/webp",
	pdf: "application/pdf",
	txt: "text/plain",
	md: "text/markdown",
	csv: "text/csv",
	json: "application/json",
};

/** What a file dialog offers. */
export const accepted = Object.keys(types)
	.map((end) => `.${end}`)
	.join(",");

/** A file as it is sent, or why it cannot be, in a sentence. */
export async function attachedOf(file: File): Promise<Attached | string> {
	const type = types[/\.(\w+)$/.exec(file.name)?.[1]?.toLowerCase() ?? ""];
	if (type === undefined) return `${file.name}: only pictures, PDF and text can be sent.`;
	if (file.size > fileBytesMax) return `${file.name} is larger than 2 MB.`;
	if (file.size === 0) return `${file.name} is empty.`;
	return { name: file.name.slice(0, 200), media_type: type, data: await base64Of(file) };
}

async function base64Of(file: File): Promise<string> {
	const bytes = new Uint8Array(await file.arrayBuffer());
	const part = 0x80_00;
	let text = "";
	for (let at = 0; at < bytes.length; at += part) text += String.fromCharCode(...bytes.subarray(at, at + part));
	return btoa(text);
}
