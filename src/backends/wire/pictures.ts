/** The media type of a picture in base64, by how the format begins; what none of them is, is taken for PNG. */
export function mediaTypeOf(base64: string): string {
	return beginnings.find(([beginning]) => base64.startsWith(beginning))?.[1] ?? "image/png";
}

const beginnings: readonly (readonly [beginning: string, mediaType: string])[] = [
	["/9j/", "image/jpeg"],
	["UklGR", "image/webp"],
	["R0lGOD", "image/gif"],
];
