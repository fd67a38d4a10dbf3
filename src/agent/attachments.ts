import type { Message } from "../backends/backend.ts";
import type { FileId, NewFile } from "../consensus/events.ts";
import type { PromptMessage } from "../prompts/prompt.ts";
import { assert } from "../std/assert.ts";

/** Finds a file that the log names; null where there is none. */
export type FileOf = (file: FileId) => NewFile | null;

/** The same, reading each file once: requests that are made together hold one text of it, not one each. */
export function readOnce(fileOf: FileOf): FileOf {
	const read = new Map<FileId, NewFile | null>();
	return (file) => {
		const known = read.get(file);
		if (known !== undefined) return known;
		const found = fileOf(file);
		read.set(file, found);
		return found;
	};
}

/** What a person says, with the files themselves where the prompt refers to some. */
export function userMessage(message: PromptMessage & { readonly role: "user" }, fileOf: FileOf): Message {
	const { attachments = [], ...said } = message;
	if (attachments.length === 0) return said;
	const files = attachments.map(({ file }) => {
		const content = fileOf(file);
		assert(content !== null, `the session keeps the file ${file}`);
		const { name, media_type, base64 } = content;
		return { name, mediaType: asSent[media_type] ?? media_type, base64 };
	});
	return { ...said, attachments: files };
}

/** Wires know text by its `text/`, and hand it to any model. */
const asSent: Partial<Record<string, string>> = { "application/json": "text/plain" };
