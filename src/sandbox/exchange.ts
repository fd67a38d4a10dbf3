import type { z } from "zod";
import { failing, succeeded, type Outcome, type SandboxFailure } from "./sandbox.ts";

/** How a place is reached: as arguments, so that tests and the objects have their own. */
export type Access = {
	readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
	/** How long an answer may take, beside what was asked to be waited for. */
	readonly timeoutMs: number;
};

export type Exchange = {
	readonly method: "GET" | "POST" | "PUT" | "DELETE";
	readonly url: string;
	readonly headers: Readonly<Record<string, string>>;
	readonly body: Uint8Array | FormData | string | null;
	readonly waitMs: number;
	/** An answer that is longer is none. */
	readonly bytesMax: number;
	readonly signal: AbortSignal;
};

export type Answered = {
	readonly status: number;
	readonly retryAfterMs: number | null;
	readonly bytes: Uint8Array;
};

/** What it says of a failure is never longer. */
const problemBytesMax = 65_536;

/** One request and its whole answer, whatever its status. Redirects are not followed: they would carry the token along. */
export async function exchange(
	{ url, waitMs, bytesMax, signal, ...request }: Exchange,
	{ fetch, timeoutMs, name }: Access & { readonly name: string },
): Promise<Outcome<Answered>> {
	const timeout = AbortSignal.timeout(timeoutMs + waitMs);
	try {
		const response = await fetch(url, {
			...request,
			redirect: "manual",
			signal: AbortSignal.any([signal, timeout]),
		});
		const most = response.ok ? bytesMax : problemBytesMax;
		const bytes = await bytesOf(response, most);
		if (bytes === null) return failing({ code: "bad_answer", message: `${name} sent more than ${most} bytes.` });
		return succeeded({ status: response.status, retryAfterMs: retryAfterMs(response), bytes });
	} catch {
		if (signal.aborted) return failing({ code: "aborted", message: "The request was given up." });
		const why = timeout.aborted ? "did not answer in time" : "cannot be reached";
		return failing({ code: "unavailable", retryAfterMs: null, message: `${name} ${why}.` });
	}
}

/** A value as the schema has it; else the place does not speak its own protocol. */
export function parsed<T>(bytes: Uint8Array, schema: z.ZodType<T>, name: string): Outcome<T> {
	const result = schema.safeParse(jsonIn(bytes));
	if (result.success) return succeeded(result.data);
	return failing({ code: "bad_answer", message: `${name} answered outside its protocol.` });
}

/** Undefined where it is no JSON. */
export function jsonIn(bytes: Uint8Array): unknown {
	try {
		return JSON.parse(new TextDecoder().decode(bytes));
	} catch {
		return undefined;
	}
}

/** What a status alone tells. */
export function unexplained({ status, retryAfterMs: waiting }: Answered, name: string): SandboxFailure {
	const message = `${name} answered with status ${status}.`;
	if (status === 401 || status === 403) return { code: "unauthorized", message };
	if (status >= 500 || status === 408 || status === 429)
		return { code: "unavailable", message, retryAfterMs: waiting };
	return { code: "bad_answer", message };
}

function retryAfterMs({ headers }: Response): number | null {
	const seconds = Number(headers.get("retry-after") ?? Number.NaN);
	return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : null;
}

/** Null where there are more. */
async function bytesOf({ body }: Response, bytesMax: number): Promise<Uint8Array | null> {
	const pieces: Uint8Array[] = [];
	let length = 0;
	for await (const piece of (body ?? []) as AsyncIterable<Uint8Array>) {
		length += piece.length;
		if (length > bytesMax) return null;
		pieces.push(piece);
	}
	const whole = new Uint8Array(length);
	let at = 0;
	for (const piece of pieces) {
		whole.set(piece, at);
		at += piece.length;
	}
	return whole;
}
