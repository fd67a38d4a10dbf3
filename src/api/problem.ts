import type { FieldError, Problem } from "./contract.ts";

const titles = {
	400: "Bad Request",
	401: "Unauthorized",
	404: "Not Found",
	405: "Method Not Allowed",
	409: "Conflict",
	413: "Content Too Large",
	422: "Unprocessable Content",
	500: "Internal Server Error",
	503: "Service Unavailable",
} as const satisfies Record<number, string>;

export type ProblemStatus = keyof typeof titles;

/** An error as RFC 9457 has it. The type is `about:blank`: status and title say the kind, `detail` says what to do. */
export function problem(
	status: ProblemStatus,
	detail: string,
	more: { errors?: readonly FieldError[]; headers?: Record<string, string> } = {},
): Response {
	const body: Problem = {
		type: "about:blank",
		title: titles[status],
		status,
		detail,
		...(more.errors && { errors: [...more.errors] }),
	};
	return new Response(JSON.stringify(body), {
		status,
		headers: { "content-type": "application/problem+json", "cache-control": "no-store", ...more.headers },
	});
}

/** 503: the disk takes no writes for now. What was asked has changed nothing, so it may be asked again. */
export function unavailable(detail: string): Response {
	return problem(503, detail, { headers: { "retry-after": String(retryAfterSeconds) } });
}

const retryAfterSeconds = 10;

/** 400 naming each field that is wrong; the first one is also the detail, for those who show only that. */
export function badInput(errors: readonly FieldError[]): Response {
	const first = errors[0];
	const sentence =
		first === undefined
			? "The request is not valid."
			: first.path === ""
				? `The body ${first.message}.`
				: `${first.path}: ${first.message}`;
	return problem(400, errors.length > 1 ? `${sentence} (and ${errors.length - 1} more)` : sentence, { errors });
}
