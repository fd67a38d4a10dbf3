import { isJsonObject, type Json, type JsonObject } from "../../std/json.ts";

/** As much as the server takes. */
export const teamFileBytesMax = 131_072;

/** The team in a file of YAML, of which JSON is a part; or why there is none. The parser is loaded when it is needed. */
export async function teamIn(text: string): Promise<{ readonly team: JsonObject } | { readonly fault: string }> {
	if (new TextEncoder().encode(text).length > teamFileBytesMax) return { fault: "The file is too long for a team." };
	const { parse } = await import("yaml");
	try {
		// Without aliases: a few lines of them could stand for gigabytes.
		const parsed: unknown = parse(text, { maxAliasCount: 0, stringKeys: true, logLevel: "error" });
		return isJsonObject(parsed) ? { team: parsed } : { fault: "The file holds no team: it should have `agents`." };
	} catch (error) {
		const why = error instanceof Error ? (error.message.split("\n")[0] ?? "") : "";
		return { fault: `The file is no YAML: ${why}` };
	}
}

/** A team as YAML. */
export async function yamlOf(team: Json): Promise<string> {
	const { stringify } = await import("yaml");
	return stringify(team);
}
