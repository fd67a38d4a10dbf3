import type { z } from "zod";
import { bodyBytesMax } from "./contract.ts";
import { parsed } from "./fields.ts";
import { badInput, problem } from "./problem.ts";
import { isYaml, jsonOfYaml } from "./yaml.ts";

const nestingMax = 64;

/** The body as the schema has it, or the problem to answer with. */
export async function received<T>(
	request: Request,
	schema: z.ZodType<T>,
	{ bytesMax = bodyBytesMax, ...more }: Reading = {},
): Promise<T | Response> {
	const json = await receivedJson(request, bytesMax, more);
	return json instanceof Response ? json : checked(schema, json.value);
}

type Reading = { readonly bytesMax?: number } & ReadingJson;
/** `emptyAs`: what no body at all stands for, where a request need not have one. */
type ReadingJson = { readonly emptyAs?: unknown };

/** A value as the schema has it, or the 400 that names its faults. */
export function checked<T>(schema: z.ZodType<T>, value: unknown): T | Response {
	const result = parsed(schema, value);
	return result.ok ? result.value : badInput(result.errors);
}

/** The query string as the schema has it: unknown parameters are refused like unknown keys. */
export function receivedQuery<T>(request: Request, schema: z.ZodType<T>): T | Response {
	return checked(schema, Object.fromEntries(new URL(request.url).searchParams));
}

/** Any JSON value, never reading more than `bytesMax`. */
export async function receivedJson(
	request: Request,
	bytesMax: number,
	{ emptyAs }: ReadingJson = {},
): Promise<{ readonly value: unknown } | Response> {
	const text = await boundedText(request, bytesMax);
	if (text instanceof Response) return text;
	if (text.trim() === "" && emptyAs !== undefined) return { value: emptyAs };
	if (text.trim() === "") return problem(400, "The body is empty; it must be a JSON object.");
	return valueIn(text);
}

/** The same, or a document in YAML where the body is said to be one. */
export async function receivedDocument(
	request: Request,
	bytesMax: number,
): Promise<{ readonly value: unknown } | Response> {
	if (!isYaml(request.headers.get("content-type"))) return receivedJson(request, bytesMax);
	const text = await boundedText(request, bytesMax);
	if (text instanceof Response) return text;
	const read = await jsonOfYaml(text);
	return "fault" in read ? problem(400, `The body is not valid YAML: ${read.fault}`) : valueIn(read.json);
}

async function boundedText(request: Request, bytesMax: number): Promise<string | Response> {
	const bytes = await boundedBytes(request, bytesMax);
	if (bytes === null) return problem(413, `The body is larger than ${bytesMax} bytes.`);
	return decoded(bytes) ?? problem(400, "The body is not valid UTF-8.");
}

function valueIn(text: string): { readonly value: unknown } | Response {
	if (nestsTooDeep(text)) return problem(400, `The body nests deeper than ${nestingMax} levels.`);
	try {
		return { value: JSON.parse(text) };
	} catch (error) {
		return problem(400, `The body is not valid JSON: ${error instanceof Error ? error.message : "unreadable"}`);
	}
}

/** Null as soon as there is more than `bytesMax`, whatever the Content-Length says. */
async function boundedBytes(request: Request, bytesMax: number): Promise<Uint8Array | null> {
	if (Number(request.headers.get("content-length") ?? 0) > bytesMax) return null;
	if (request.body === null) return new Uint8Array();
	const chunks: Uint8Array[] = [];
	let size = 0;
	// Leaving the loop early cancels the rest of the body.
	for await (const chunk of request.body) {
		size += chunk.byteLength;
		if (size > bytesMax) return null;
		chunks.push(chunk);
	}
	return joined(chunks, size);
}

function joined(chunks: readonly Uint8Array[], size: number): Uint8Array {
	const bytes = new Uint8Array(size);
	let at = 0;
	for (const chunk of chunks) {
		bytes.set(chunk, at);
		at += chunk.byteLength;
	}
	return bytes;
}

function decoded(bytes: Uint8Array): string | null {
	try {
		return new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes);
	} catch {
		return null;
	}
}

/** Checked before parsing: whatever walks the value later (schemas, hashing, storing) does so recursively. */
function nestsTooDeep(text: string): boolean {
	let depth = 0;
	let quoted = false;
	for (let at = 0; at < text.length; at += 1) {
		const char = text[at];
		if (quoted && char === "\\") at += 1;
		else if (char === '"') quoted = !quoted;
		else if (!quoted) depth += nesting[char ?? ""] ?? 0;
		if (depth > nestingMax) return true;
	}
	return false;
}

const nesting: Partial<Record<string, number>> = { "{": 1, "[": 1, "}": -1, "]": -1 };
