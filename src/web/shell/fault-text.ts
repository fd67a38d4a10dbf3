import { ApiError } from "../../api/client.ts";

/** Why a request was refused, for the person who made it. */
export function faultText(error: unknown): string {
	if (!(error instanceof ApiError)) return "The server does not answer. Nothing was sent; try again in a moment.";
	const { detail, errors = [] } = error.problem;
	return errors.length === 0 ? detail : errors.map(({ path, message }) => `${path} ${message}`).join("; ");
}
