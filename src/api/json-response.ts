/** An answer of ours. Never cached: it holds what only the bearer of the key may see. */
export function json(body: unknown, init: { status?: number; headers?: Record<string, string> } = {}): Response {
	return new Response(JSON.stringify(body), {
		status: init.status ?? 200,
		headers: { "content-type": "application/json", "cache-control": "no-store", ...init.headers },
	});
}
