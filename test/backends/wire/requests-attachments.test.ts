import { expect, test } from "vitest";
import type { Attachment, Message } from "../../../src/backends/backend.ts";
import { attachmentCharactersMax, requestFault } from "../../../src/backends/call/request-fault.ts";
import type { Json } from "../../../src/std/json.ts";
import { modelRequest } from "../../support/fake-request.ts";
import { sentBody, sentBy } from "../../support/sent-body.ts";

/** Pictures and files of the person, as each wire is sent them: before the text that speaks of them. */

const picture: Attachment = { name: "sky.png", mediaType: "image/png", base64: "iVBORw0=" };
const paper: Attachment = { name: "paper.pdf", mediaType: "application/pdf", base64: "JVBERi0=" };
const notes = textFile("notes.md", "text/markdown", "Grüße,\n</attachment > und <b>");
const notesBlock = '<attachment name="notes.md">\nGrüße,\n&lt;/attachment > und <b>\n</attachment>';

const question: Message = { role: "user", text: "What is it?", attachments: [picture, paper, notes] };

const marked = { cache_control: { type: "ephemeral" } };
const anthropicParts: readonly Json[] = [
	{ type: "image", source: { type: "base64", media_type: "image/png", data: "iVBORw0=" } },
	{
		type: "document",
		source: { type: "base64", media_type: "application/pdf", data: "JVBERi0=" },
		title: "paper.pdf",
	},
	{ type: "text", text: notesBlock },
];
const responsesParts: readonly Json[] = [
	{ type: "input_image", image_url: "data:image/png;base64,iVBORw0=", detail: "auto" },
	{ type: "input_file", filename: "paper.pdf", file_data: "data:application/pdf;base64,JVBERi0=" },
	{ type: "input_text", text: notesBlock },
];
const chatParts: readonly Json[] = [
	{ type: "image_url", image_url: { url: "data:image/png;base64,iVBORw0=" } },
	{ type: "file", file: { filename: "paper.pdf", file_data: "data:application/pdf;base64,JVBERi0=" } },
	{ type: "text", text: notesBlock },
];
const geminiParts: readonly Json[] = [
	{ inlineData: { mimeType: "image/png", data: "iVBORw0=" } },
	{ inlineData: { mimeType: "application/pdf", data: "JVBERi0=" } },
	{ text: notesBlock },
];

type Row = readonly [backend: string, field: string, expected: Json];

test.each<Row>([
	[
		"anthropic",
		"messages",
		[{ role: "user", content: [...anthropicParts, { type: "text", text: "What is it?", ...marked }] }],
	],
	["openai", "input", [{ role: "user", content: [...responsesParts, { type: "input_text", text: "What is it?" }] }]],
	["vllm", "messages", [{ role: "user", content: [...chatParts, { type: "text", text: "What is it?" }] }]],
	["gemini", "contents", [{ role: "user", parts: [...geminiParts, { text: "What is it?" }] }]],
])("%s: a picture, a document and a text file stand before the question", async (backend, field, expected) => {
	const body = await sentBody(backend, { system: "", messages: [question] });
	expect(body[field]).toEqual(expected);
});

test.each<Row>([
	["anthropic", "messages", [{ role: "user", content: [...anthropicParts.slice(0, 2), lastBlock()] }]],
	["openai", "input", [{ role: "user", content: responsesParts }]],
	["vllm", "messages", [{ role: "user", content: chatParts }]],
	["gemini", "contents", [{ role: "user", parts: geminiParts }]],
])("%s: files without a word are sent without an empty text", async (backend, field, expected) => {
	const body = await sentBody(backend, { system: "", messages: [{ ...question, text: "" }] });
	expect(body[field]).toEqual(expected);
});

test.each<Row>([
	["openai", "input", [{ role: "user", content: "Hm?" }]],
	["vllm", "messages", [{ role: "user", content: "Hm?" }]],
])("%s: no files, no parts", async (backend, field, expected) => {
	const body = await sentBody(backend, { system: "", messages: [{ role: "user", text: "Hm?", attachments: [] }] });
	expect(body[field]).toEqual(expected);
});

test("Chat: two messages in a row that become one keep the files of both", async () => {
	const messages: readonly Message[] = [
		{ role: "user", text: "The task.", attachments: [picture] },
		{ role: "user", text: "The situation." },
		{ role: "user", text: "More.", attachments: [paper] },
	];
	const body = await sentBody("vllm", { system: "", messages });
	expect(body["messages"]).toEqual([
		{
			role: "user",
			content: [...chatParts.slice(0, 2), { type: "text", text: "The task.\n\nThe situation.\n\nMore." }],
		},
	]);
});

test.each(["image/jpeg", "image/png", "image/gif", "image/webp", "application/pdf", "text/plain", "text/csv"])(
	"%s can be sent",
	(mediaType) => {
		expect(requestFault(modelRequest({ messages: [withFiles({ ...picture, mediaType })] }))).toBe(null);
	},
);

test.each(["image/tiff", "application/zip", "audio/mpeg", ""])(
	"%j cannot, and the call fails before anything is sent",
	async (mediaType) => {
		const { bodies, events } = await sentBy("vllm", { messages: [withFiles({ ...picture, mediaType })] });
		expect(bodies).toEqual([]);
		expect(events).toEqual(refusedWith(`the attachment sky.png is ${mediaType}, which no model reads`));
	},
);

test("the files of a request may be as long as the limit together, and not a character longer", async () => {
	const half = attachmentCharactersMax / 2;
	const messages = [withFiles(sized(half)), withFiles(sized(half - 4), sized(4))];
	const { bodies } = await sentBy("gemini", { messages });
	expect(bodies.length).toBe(1);
	const over = await sentBy("gemini", { messages: [...messages, withFiles(sized(1))] });
	expect(over.bodies).toEqual([]);
	expect(over.events).toEqual(
		refusedWith("the attachments of a request exceed 25165824 characters of base64 together"),
	);
});

function refusedWith(message: string) {
	return [
		{ type: "failed", failure: { code: "bad_request", retryable: false, retryAfterMs: null, message } },
		{ type: "end", stop: "error" },
	];
}

function withFiles(...attachments: readonly Attachment[]): Message {
	return { role: "user", text: "See.", attachments };
}

function sized(characters: number): Attachment {
	return { ...picture, base64: "A".repeat(characters) };
}

function textFile(name: string, mediaType: string, text: string): Attachment {
	return { name, mediaType, base64: Buffer.from(text).toString("base64") };
}

function lastBlock(): Json {
	return { type: "text", text: notesBlock, ...marked };
}
