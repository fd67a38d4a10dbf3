import type { LoggedEvent } from "../../src/consensus/events.ts";

type Watched = { readonly url: string; readonly key: string };
export type Frame = { readonly id: string; readonly event: string; readonly data: string };

/** The frames of an event stream exactly as they came: up to its end, or until there are `framesMax`. */
export async function sseFrames(
	{ url, key }: Watched,
	id: string,
	{
		query = "",
		headers = {},
		framesMax = Number.POSITIVE_INFINITY,
	}: { query?: string; headers?: Record<string, string>; framesMax?: number } = {},
): Promise<Frame[]> {
	const leave = new AbortController();
	const signal = AbortSignal.any([leave.signal, AbortSignal.timeout(25_000)]);
	const response = await fetch(`${url}/v1/sessions/${id}/events${query}`, {
		headers: { authorization: `Bearer ${key}`, ...headers },
		signal,
	});
	const decoder = new TextDecoder();
	const frames: Frame[] = [];
	let text = "";
	for await (const chunk of response.body ?? []) {
		text += decoder.decode(chunk, { stream: true });
		const whole = text.split("\n\n");
		text = whole.pop() ?? "";
		frames.push(...whole.flatMap(frameIn));
		if (frames.length >= framesMax) break;
	}
	leave.abort();
	return frames.slice(0, framesMax);
}

export type OpenSocket = {
	/** What came so far, as it came. */
	readonly lines: readonly string[];
	/** Resolves with all lines once one of these types has come for the n-th time. */
	readonly until: (types: readonly LoggedEvent["type"][], times?: number) => Promise<readonly string[]>;
	/** The server has said goodbye. The connection itself may stay for seconds more, until the object sleeps. */
	readonly isLetGo: () => boolean;
	readonly close: () => void;
};

/** A WebSocket on a session's events. Node's own takes headers, which no browser's does. */
export async function openSocket({ url, key }: Watched, id: string, query = ""): Promise<OpenSocket> {
	const NodeSocket = WebSocket as unknown as new (
		address: string,
		options: { headers: Record<string, string> },
	) => WebSocket;
	const address = `${url.replace("http", "ws")}/v1/sessions/${id}/events${query}`;
	const socket = new NodeSocket(address, { headers: { authorization: `Bearer ${key}` } });
	const lines: string[] = [];
	const waiting = new Set<() => void>();
	socket.addEventListener("message", ({ data }) => {
		lines.push(String(data));
		for (const look of waiting) look();
	});
	const until = (types: readonly string[], times = 1): Promise<readonly string[]> =>
		new Promise((resolve) => {
			const look = () => {
				if (lines.filter((line) => types.includes(eventIn(line).type)).length < times) return;
				waiting.delete(look);
				resolve([...lines]);
			};
			waiting.add(look);
			look();
		});
	await new Promise((resolve, reject) => {
		socket.addEventListener("open", resolve);
		socket.addEventListener("error", () => reject(new Error("the socket did not open")));
	});
	return { lines, until, isLetGo: () => socket.readyState !== WebSocket.OPEN, close: () => socket.close() };
}

/** The event that a line of the log holds. */
export function eventIn(line: string): LoggedEvent {
	const parsed: unknown = JSON.parse(line);
	return parsed as LoggedEvent;
}

/** A comment has no lines of its own fields. */
function frameIn(text: string): Frame[] {
	const field = (name: string) =>
		text
			.split("\n")
			.find((line) => line.startsWith(`${name}: `))
			?.slice(name.length + 2);
	const [id, event, data] = [field("id"), field("event"), field("data")];
	return id === undefined || event === undefined || data === undefined ? [] : [{ id, event, data }];
}
