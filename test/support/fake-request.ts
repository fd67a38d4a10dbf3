import type { Backend, ModelEvent, ModelRequest } from "../../src/backends/backend.ts";

/** A request that a test completes with what it is about. */
export function modelRequest(changes: Partial<ModelRequest> = {}): ModelRequest {
	return {
		model: "model-1",
		system: "Be brief.",
		tools: [],
		serverTools: [],
		output: null,
		resumable: false,
		messages: [{ role: "user", text: "What is 6 times 7?" }],
		outputTokensMax: 1000,
		params: {},
		cacheKey: "session-1",
		firstByteTimeoutMs: 5000,
		stallTimeoutMs: 5000,
		...changes,
	};
}

/** Everything a backend yields, with neighbouring pieces of text (or reasoning) joined. */
export async function collected(
	backend: Backend,
	request: ModelRequest,
	signal: AbortSignal = new AbortController().signal,
): Promise<ModelEvent[]> {
	const events: ModelEvent[] = [];
	for await (const batch of backend(request, signal)) for (const event of batch) addJoined(events, event);
	return events;
}

function addJoined(events: ModelEvent[], event: ModelEvent): void {
	const last = events.at(-1);
	if (event.type === "text" && last?.type === "text")
		events[events.length - 1] = { type: "text", text: last.text + event.text };
	else if (event.type === "reasoning" && last?.type === "reasoning")
		events[events.length - 1] = { type: "reasoning", text: last.text + event.text };
	else events.push(event);
}
