import { addImage, type Reading } from "./reading.ts";

/** Yields the picture that a `data:` URL holds; addresses elsewhere are passed over. */
export function addDataUrl(reading: Reading, url: string): void {
	const comma = url.indexOf(",");
	if (url.startsWith("data:") && url.slice(0, comma).endsWith(";base64"))
		addImage(reading, url.slice("data:".length, comma - ";base64".length), url.slice(comma + 1));
}

/** The media type of a picture in base64, by how the format begins; what none of them is, is taken for PNG. */
export function mediaTypeOf(base64: string): string {
	return beginnings.find(([beginning]) => base64.startsWith(beginning))?.[1] ?? "image/png";
}

const beginnings: readonly (readonly [beginning: string, mediaType: string])[] = [
	["/9j/", "image/jpeg"],
	["UklGR", "image/webp"],
	["R0lGOD", "image/gif"],
];
