import type { Client } from "../../api/client.ts";

/** What came of a provider's live test. */
export type Tried = Awaited<ReturnType<Client["testBackend"]>>;

/** The same, for the person who pressed the button. */
export function triedText({ ok, latency_ms, model, detail }: Tried): string {
	const took = latency_ms < 1000 ? `${Math.round(latency_ms)} ms` : `${(latency_ms / 1000).toFixed(1)} s`;
	if (ok) return `${model} answered in ${took}.`;
	return latency_ms === 0 ? detail : `No answer of ${model} after ${took}: ${detail}`;
}
