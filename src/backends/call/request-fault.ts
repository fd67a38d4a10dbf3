import type { Failure, ModelRequest } from "../backend.ts";
import { makeFailure } from "../failure.ts";
import { attachmentKind, attachmentsIn, base64CharactersIn } from "../wire/attachments.ts";

/**
 * Base64 characters of all attachments of a request together, some 18 MB of files. Anthropic, whose limit on a whole
 * request is the lowest, takes 32 MB. https://platform.claude.com/docs/en/api/overview#request-size-limits
 */
export const attachmentCharactersMax = 24 * 1024 * 1024;

/** Why no host would take this request, told before anything is sent; null if nothing is known against it. */
export function requestFault({ messages }: ModelRequest): Failure | null {
	const unknown = attachmentsIn(messages).find((attachment) => attachmentKind(attachment) === null);
	if (unknown !== undefined)
		return makeFailure(
			"bad_request",
			`the attachment ${unknown.name} is ${unknown.mediaType}, which no model reads`,
		);
	if (base64CharactersIn(messages) <= attachmentCharactersMax) return null;
	return makeFailure(
		"bad_request",
		`the attachments of a request exceed ${attachmentCharactersMax} characters of base64 together`,
	);
}
