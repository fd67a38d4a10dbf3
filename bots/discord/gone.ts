import { ApiError } from "../../src/api/client.ts";

/** Whether what was asked for is not there any more. */
export function isGone(error: unknown): boolean {
	return error instanceof ApiError && error.problem.status === 404;
}
