import { ApiError, type ClientDeps } from "../../api/client.ts";
import type { Problem } from "../../api/contract.ts";
import type { LoggedEvent } from "../../consensus/events.ts";
import { clientOf, type Source } from "./session-source.ts";

/** How the page stands to the server. `rest`: all has been read and nothing is going on. */
export type Link =
	| { readonly status: "connecting" }
	| { readonly status: "live" }
	| { readonly status: "lost" }
	| { readonly status: "rest" }
	| { readonly status: "refused"; readonly problem: Problem };

export type FollowDeps = Omit<ClientDeps, "key" | "pause"> & {
	readonly pause: NonNullable<ClientDeps["pause"]>;
	readonly now: () => number;
	readonly onEvent: (event: LoggedEvent) => void;
	readonly onLink: (link: Link) => void;
	/** Resolves when it is worth looking again at once: the machine woke up, the network is back. */
	readonly nudge: (signal: AbortSignal) => Promise<void>;
};

/** The server says something every 25 seconds; a stream that is silent for longer is dead, whatever the socket says. */
export const silenceMsMax = 70_000;
const lookMs = 5_000;
const againMs = 10_000;

/** The log of a session from its first event on, across lost connections and sleep, each event once; until aborted. */
export async function follow(source: Source, deps: FollowDeps, signal: AbortSignal): Promise<void> {
	let last = 0;
	deps.onLink({ status: "connecting" });
	while (!signal.aborted) {
		const connection = new AbortController();
		const either = AbortSignal.any([signal, connection.signal]);
		const ended = await read(source, deps, {
			from: last + 1,
			signal: either,
			cut: connection,
			seen: (seq) => (last = seq),
		});
		connection.abort();
		if (signal.aborted) return;
		if (ended !== "again") deps.onLink(ended);
		if (ended === "again") continue;
		if (ended.status === "refused") return;
		const patience = new AbortController();
		const waited = AbortSignal.any([signal, patience.signal]);
		const wait = ended.status === "lost" ? [deps.pause(againMs, waited)] : [];
		await Promise.race([deps.nudge(waited), ...wait]);
		patience.abort();
	}
}

type Reading = {
	readonly from: number;
	readonly signal: AbortSignal;
	readonly cut: AbortController;
	readonly seen: (seq: number) => void;
};

/** One reading of the log to its present end; "again": it was cut, and wants to be taken up at once. */
async function read(source: Source, deps: FollowDeps, reading: Reading): Promise<Link | "again"> {
	const { signal, cut } = reading;
	const heard = { at: deps.now() };
	const lost = () => deps.onLink({ status: "lost" });
	const { client, id } = clientOf(source, {
		baseUrl: deps.baseUrl,
		fetch: async (request) => {
			const response = await deps.fetch(request);
			if (response.ok) deps.onLink({ status: "live" });
			return listened(response, () => (heard.at = deps.now()));
		},
		pause: (ms, aborted) => {
			lost();
			return deps.pause(ms, aborted);
		},
	});
	void watch(deps, heard, reading);
	void deps.nudge(signal).then(() => deps.now() - heard.at > lookMs && cut.abort());
	try {
		for await (const event of client.events(id, { from: reading.from, signal })) {
			reading.seen(event.seq);
			deps.onEvent(event);
		}
		return cut.signal.aborted ? "again" : { status: "rest" };
	} catch (error) {
		if (cut.signal.aborted) return "again";
		const final = error instanceof ApiError && error.problem.status < 500 && error.problem.status !== 429;
		return final ? { status: "refused", problem: error.problem } : { status: "lost" };
	}
}

/** Cuts a connection that has been silent for too long, as after a night with the lid closed. */
async function watch(deps: FollowDeps, heard: { readonly at: number }, { signal, cut }: Reading): Promise<void> {
	while (!signal.aborted) {
		await deps.pause(lookMs, signal);
		if (deps.now() - heard.at > silenceMsMax) cut.abort();
	}
}

/** The same response; `hear` is told of each piece of its body. */
function listened(response: Response, hear: () => void): Response {
	hear();
	if (response.body === null) return response;
	const body = response.body.pipeThrough(
		new TransformStream<Uint8Array, Uint8Array>({
			transform(piece, controller) {
				hear();
				controller.enqueue(piece);
			},
		}),
	);
	return new Response(body, { status: response.status, statusText: response.statusText, headers: response.headers });
}
