/**
 * Documents in YAML, as people write them by hand. The parser is loaded when the first one comes, so that nobody else waits
 * for it to be evaluated.
 */

/** RFC 9512, and what was used before it. */
const mediaType = "application/yaml";
const asked = /^(application\/(x-)?yaml|text\/(x-)?yaml)$/;

/** Whether a body is said to be YAML. */
export function isYaml(contentType: string | null): boolean {
	return asked.test(bare(contentType ?? ""));
}

/** Whether an answer is wanted in YAML: only who names it is given it. */
export function wantsYaml(request: Request): boolean {
	return (request.headers.get("accept") ?? "").split(",").some((range) => asked.test(bare(range)));
}

function bare(type: string): string {
	return type.split(";")[0]?.trim().toLowerCase() ?? "";
}

/** The value as JSON has it, as text, or what is wrong with the document. */
export async function jsonOfYaml(text: string): Promise<{ readonly json: string } | { readonly fault: string }> {
	const { parse } = await import("yaml");
	try {
		// Without aliases: a few lines of them could stand for gigabytes.
		const value: unknown = parse(text, { maxAliasCount: 0, stringKeys: true, logLevel: "error" });
		return { json: JSON.stringify(value) ?? "null" };
	} catch (error) {
		return { fault: error instanceof Error ? (error.message.split("\n")[0] ?? "unreadable") : "unreadable" };
	}
}

/** An answer in YAML. */
export async function yaml(value: unknown): Promise<Response> {
	const { stringify } = await import("yaml");
	return new Response(stringify(value), { headers: { "content-type": mediaType, "cache-control": "no-store" } });
}
