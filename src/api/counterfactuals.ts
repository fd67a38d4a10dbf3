import type { Counterfactuals } from "./counterfactuals-schema.ts";
import type { Call } from "./deps.ts";
import { json } from "./json-response.ts";
import { noSession, rowOf } from "./sessions.ts";

/** `GET /v1/sessions/{id}/counterfactuals`: what each decided turn would have come to under other rules. */
export async function showCounterfactuals({ deps, key }: Call): Promise<Response> {
	const turns = (await rowOf(deps, key)) === null ? null : await deps.session(key).counterfactuals();
	return turns === null ? noSession(key) : json({ id: key, turns } satisfies Counterfactuals);
}
