import type { Client } from "../src/api/client.ts";

/** In any script less than the smallest file limit of a platform, 10 MiB. */
export const transcriptCharsMax = 3_000_000;

/** A session as a document, as the API exports it; what is more than a chat takes is left out, and it says so. */
export async function transcriptOf(client: Pick<Client, "exported">, session: string): Promise<string> {
	const exported = await client.exported(session, "md");
	const text = await exported.text();
	if (text.length <= transcriptCharsMax) return text;
	return `${text.slice(0, transcriptCharsMax)}\n\n*The rest is left out: it is too long for a file here.*\n`;
}
