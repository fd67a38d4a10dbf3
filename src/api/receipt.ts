import { receivedQuery } from "./body.ts";
import type { Call } from "./deps.ts";
import { json } from "./json-response.ts";
import { ReceiptQuery, type Receipt } from "./receipt-schema.ts";
import { noSession, rowOf } from "./sessions.ts";

/** `GET /v1/sessions/{id}/receipt`: what each call cost and what it was good for. */
export async function showReceipt({ deps, request, key }: Call): Promise<Response> {
	if ((await rowOf(deps, key)) === null) return noSession(key);
	const query = receivedQuery(request, ReceiptQuery);
	if (query instanceof Response) return query;
	const receipt: Receipt | null = await deps.session(key).receipt({ limit: query.limit, after: query.cursor ?? 0 });
	return receipt === null ? noSession(key) : json(receipt);
}
