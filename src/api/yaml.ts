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

/**
 * Words and signs of a document: the largest team has a quarter of them. The parser compares each key with all before it and
 * each fault with the whole text, so that 128 KiB of either would keep everybody waiting for most of a minute.
 */
export const lexemesMax = 10_000;

/** The value as JSON has it, as text, or what is wrong with the document. */
export async function jsonOfYaml(text: string): Promise<{ readonly json: string } | { readonly fault: string }> {
	const { Lexer, parse } = await import("yaml");
	if (isLongerThan(lexemesMax, new Lexer().lex(text)))
		return { fault: `it has more than ${lexemesMax} words and signs` };
	try {
		// Without aliases: a few lines of them could stand for gigabytes.
		const value: unknown = parse(text, { maxAliasCount: 0, stringKeys: true, logLevel: "error" });
		return { json: JSON.stringify(value, finite) ?? "null" };
	} catch (error) {
		return { fault: error instanceof Error ? (error.message.split("\n")[0] ?? "unreadable") : "unreadable" };
	}
}

function isLongerThan(max: number, each: Iterable<string>): boolean {
	let count = 0;
	for (const _ of each) if (++count > max) return true;
	return false;
}

/** JSON has no word for these and would make null of them, which is no limit at all where a limit stands. */
function finite(key: string, value: unknown): unknown {
	if (typeof value === "number" && !Number.isFinite(value)) throw new RangeError(`${key} is no finite number`);
	return value;
}

/** An answer in YAML. */
export async function yaml(value: unknown): Promise<Response> {
	const { stringify } = await import("yaml");
	return new Response(stringify(value), { headers: { "content-type": mediaType, "cache-control": "no-store" } });
}
