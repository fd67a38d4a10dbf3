import type { LoggedEvent } from "../../src/consensus/events.ts";
import { receiptOf } from "../../src/consensus/receipt.ts";
import type { ReceiptPage } from "../rpc.ts";

/** So many calls of a session's receipt after the first ones, with the totals of all of them. */
export function receiptPage(
	log: Iterable<LoggedEvent>,
	{ id, limit, after }: { readonly id: string; readonly limit: number; readonly after: number },
): ReceiptPage {
	const receipt = receiptOf(log);
	const end = after + limit;
	const cursor = end < receipt.calls.length ? String(end) : null;
	return { id, ...receipt, calls: receipt.calls.slice(after, end), cursor };
}
