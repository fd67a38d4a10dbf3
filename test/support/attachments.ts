import type { NewFile } from "../../src/consensus/events.ts";

/** A base64 text of so many bytes, all of them zero but for what they begin with. */
export function base64Of(start: string, bytes: number): string {
	const content = Buffer.alloc(bytes);
	content.write(start, "latin1");
	return content.toString("base64");
}

export const pngStart = "\u0089PNG\r\n\u001A\n";

/** A picture of so many bytes, as far as its first ones tell. */
export function png(name = "a.png", bytes = 12): NewFile {
	return { name, media_type: "image/png", base64: base64Of(pngStart, bytes) };
}

/** As a request to the API has it. */
export function sentAs({ name, media_type, base64 }: NewFile) {
	const type = media_type as "image/png";
	return { name, media_type: type, data: base64 };
}
