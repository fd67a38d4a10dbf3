import { isJsonObject, type Json } from "../../../src/std/json.ts";
import type { FakeWire, SpokenWire } from "../../support/fake-script.ts";

/** What each wire makes of an ability: the least that a request must say, so that it may say more. */
export type WireParts = Readonly<Record<FakeWire, Json>>;

/** What stands in a request of this wire; a call that need not resume is made on one of the four. */
export function partOf(parts: WireParts, wire: SpokenWire): Json {
	if (wire === "gemini-interactions") throw new Error("a plain call went another way");
	return parts[wire];
}

export const imageParts: WireParts = {
	"anthropic-messages": { type: "image", source: { type: "base64", media_type: "image/png", data: "iVBORw0=" } },
	"openai-responses": { type: "input_image", image_url: "data:image/png;base64,iVBORw0=" },
	"openai-chat": { type: "image_url", image_url: { url: "data:image/png;base64,iVBORw0=" } },
	"gemini-generate": { inlineData: { mimeType: "image/png", data: "iVBORw0=" } },
};

const pdfUrl = "data:application/pdf;base64,JVBERi0=";
export const fileParts: WireParts = {
	"anthropic-messages": {
		type: "document",
		source: { type: "base64", media_type: "application/pdf", data: "JVBERi0=" },
	},
	"openai-responses": { type: "input_file", filename: "sky.pdf", file_data: pdfUrl },
	"openai-chat": { type: "file", file: { filename: "sky.pdf", file_data: pdfUrl } },
	"gemini-generate": { inlineData: { mimeType: "application/pdf", data: "JVBERi0=" } },
};

export const skySchema = {
	type: "object",
	properties: { colour: { type: "string" } },
	required: ["colour"],
	additionalProperties: false,
};
export const schemaParts: WireParts = {
	"anthropic-messages": { output_config: { format: { type: "json_schema", schema: skySchema } } },
	"openai-responses": { text: { format: { type: "json_schema", name: "sky", schema: skySchema, strict: true } } },
	"openai-chat": { response_format: { type: "json_schema", json_schema: { name: "sky", schema: skySchema } } },
	"gemini-generate": {
		generationConfig: { responseMimeType: "application/json", responseJsonSchema: skySchema },
	},
};

/** What of a value the keys of a shape name, at every depth. */
export function shapedAs(shape: Json, value: Json | undefined): Json | undefined {
	if (!isJsonObject(shape) || !isJsonObject(value)) return value;
	const kept = Object.keys(shape).flatMap((key) =>
		key in value ? [[key, shapedAs(shape[key] ?? null, value[key])]] : [],
	);
	return Object.fromEntries(kept) as Json;
}

/** The parts of all messages of a request, whatever its wire calls them. */
export function partsIn(body: Json): readonly Json[] {
	if (Array.isArray(body)) return body.flatMap((item: Json) => partsIn(item));
	if (!isJsonObject(body)) return [];
	const inside = ["messages", "input", "contents", "content", "parts"].flatMap((key) => partsIn(body[key] ?? null));
	return "role" in body || inside.length > 0 ? inside : [body];
}
