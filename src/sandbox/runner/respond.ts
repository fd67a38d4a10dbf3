import type { ServerResponse } from "node:http";
import type { Problem } from "../protocol.ts";
import type { SandboxFailure } from "../sandbox.ts";

/** What the runner answers, before it becomes bytes. */
export type Answer =
	| { readonly type: "json"; readonly status: 200; readonly value: object }
	| { readonly type: "bytes"; readonly bytes: Uint8Array }
	| { readonly type: "nothing" }
	| { readonly type: "problem"; readonly problem: Problem };

const statuses = {
	unavailable: 503,
	unauthorized: 401,
	gone: 404,
	no_such_file: 404,
	conflict: 409,
	too_large: 413,
	refused: 422,
	full: 429,
} as const satisfies Record<Problem["code"], number>;

const titles: Readonly<Record<Problem["code"], string>> = {
	unavailable: "Service Unavailable",
	unauthorized: "Unauthorized",
	gone: "Not Found",
	no_such_file: "Not Found",
	conflict: "Conflict",
	too_large: "Content Too Large",
	refused: "Unprocessable Content",
	full: "Too Many Requests",
};

/** A failure as RFC 9457 has it; `status` where it is another than its code's. */
export function problemOf(failure: SandboxFailure, status: number | null = null): Answer {
	const code = isProblem(failure.code) ? failure.code : "unavailable";
	return {
		type: "problem",
		problem: {
			type: "about:blank",
			title: titles[code],
			status: status ?? statuses[code],
			detail: failure.message,
			code,
			...(failure.code === "too_large" && { bytesMax: failure.bytesMax }),
		},
	};
}

function isProblem(code: SandboxFailure["code"]): code is Problem["code"] {
	return code in statuses;
}

/** Writes it. `closing`: what is left of the request is not read. */
export function respond(response: ServerResponse, answer: Answer, closing: "closing" | "open"): void {
	if (response.headersSent || response.destroyed) return;
	const { status, type, body } = written(answer);
	response.writeHead(status, {
		...(answer.type !== "nothing" && { "content-type": type, "content-length": body.length }),
		"cache-control": "no-store",
		"x-content-type-options": "nosniff",
		...(closing === "closing" && { connection: "close" }),
		...(status === statuses.unauthorized && { "www-authenticate": "Bearer" }),
		...(status === statuses.unavailable && { "retry-after": "5" }),
	});
	response.end(body);
}

function written(answer: Answer): { readonly status: number; readonly type: string; readonly body: Uint8Array } {
	const json = (value: object) => Buffer.from(JSON.stringify(value));
	switch (answer.type) {
		case "json":
			return { status: answer.status, type: "application/json", body: json(answer.value) };
		case "bytes":
			return { status: 200, type: "application/octet-stream", body: answer.bytes };
		case "nothing":
			return { status: 204, type: "application/json", body: Buffer.alloc(0) };
		case "problem":
			return { status: answer.problem.status, type: "application/problem+json", body: json(answer.problem) };
	}
}
