import { expect, test } from "vitest";
import { triesMax } from "../../../src/api/client.ts";
import type { LoggedEvent } from "../../../src/consensus/events.ts";
import { follow, silenceMsMax, type FollowDeps, type Link } from "../../../src/web/state/follow.ts";
import type { Source } from "../../../src/web/state/session-source.ts";
import { logged, opened, said } from "./logged.ts";

const own: Source = { kind: "own", id: "s1", key: "k" };
const [created, started, first, second] = logged([...opened, said("a", "1"), said("a", "2")]);
const over = logged([{ type: "session.cancelled", turn: 1 }], 5)[0];

type Answer = (request: Request) => Response | Promise<Response>;

const away: Answer = () => Promise.reject(new TypeError("Failed to fetch"));
const stream =
	(...events: readonly (LoggedEvent | undefined)[]): Answer =>
	() =>
		new Response(events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join(""), {
			headers: { "content-type": "text/event-stream" },
		});
/** A stream that says this much and then nothing, until it is given up. */
const silent =
	(event: LoggedEvent | undefined): Answer =>
	({ signal }) =>
		new Response(
			new ReadableStream<Uint8Array>({
				start(controller) {
					controller.enqueue(new TextEncoder().encode(`data: ${JSON.stringify(event)}\n\n`));
					signal.addEventListener("abort", () => controller.error(signal.reason));
				},
			}),
			{ headers: { "content-type": "text/event-stream" } },
		);
const problem =
	(status: number): Answer =>
	() =>
		Response.json(
			{ type: "about:blank", title: "No", status, detail: "It is gone." },
			{ status, headers: { "content-type": "application/problem+json" } },
		);
const rests: Answer = () => Response.json({ status: "done", last_seq: 5 });

/** Follows with these answers of a server, in their order, until there is no more of them, or it rests and stays so. */
async function followed(answers: readonly Answer[], changes: Partial<FollowDeps> = {}, source = own) {
	const life = new AbortController();
	const seqs: number[] = [];
	const links: Link["status"][] = [];
	const asked: string[] = [];
	const pauses: number[] = [];
	let nowMs = 0;
	await follow(
		source,
		{
			baseUrl: "http://server",
			fetch: async (request) => {
				const answer = answers[asked.length];
				const after = request.headers.get("last-event-id");
				asked.push(
					`${new URL(request.url).pathname}${new URL(request.url).search}${after === null ? "" : ` after ${after}`}`,
				);
				if (answer === undefined) life.abort();
				return answer === undefined ? Promise.reject(new TypeError("over")) : answer(request);
			},
			pause: async (ms, signal) => {
				if (signal?.aborted !== true) pauses.push(ms);
				nowMs += ms;
				await new Promise((resolve) => setImmediate(resolve));
			},
			now: () => nowMs,
			onEvent: ({ seq }) => void seqs.push(seq),
			onLink: ({ status }) => {
				if (status !== links.at(-1)) links.push(status);
				// Nobody would nudge it.
				if (status === "rest" && changes.nudge === undefined) life.abort();
			},
			nudge: aborted,
			...changes,
		},
		life.signal,
	);
	return { seqs, links, asked, pauses };
}

function aborted(signal: AbortSignal): Promise<void> {
	if (signal.aborted) return Promise.resolve();
	return new Promise((resolve) => signal.addEventListener("abort", () => resolve()));
}

test("what is lost in the middle is taken up after the last event, each once, and it is said", async () => {
	const cut: Answer = () =>
		new Response(
			new ReadableStream<Uint8Array>({
				start(controller) {
					const text = [created, started].map((event) => `data: ${JSON.stringify(event)}\n\n`).join("");
					controller.enqueue(new TextEncoder().encode(text));
				},
				pull: (controller) => controller.error(new TypeError("cut")),
			}),
			{ headers: { "content-type": "text/event-stream" } },
		);
	const { seqs, links, asked } = await followed([cut, away, stream(first, second, over)], {
		nudge: () => Promise.resolve(),
	});
	expect({ seqs, links, asked: asked.slice(0, 3) }).toEqual({
		seqs: [1, 2, 3, 4, 5],
		links: ["connecting", "live", "lost", "live", "rest", "lost"],
		asked: ["/v1/sessions/s1/events?from=1", "/v1/sessions/s1/events after 2", "/v1/sessions/s1/events after 2"],
	});
});

test("a server that is away for longer than a client is patient is asked again and again", async () => {
	const tries = Array.from({ length: 3 * triesMax }, () => away);
	const { seqs, links } = await followed([...tries, stream(created, over)]);
	expect({ seqs, links: links.slice(0, 4) }).toEqual({ seqs: [1, 5], links: ["connecting", "lost", "live", "rest"] });
});

test("a stream that is silent for too long is cut and taken up where it was", async () => {
	const { seqs, asked, pauses } = await followed([silent(created), stream(started, over)]);
	const waited = pauses.reduce((sum, ms) => sum + ms, 0);
	expect([seqs, asked[1], waited > silenceMsMax]).toEqual([[1, 2, 5], "/v1/sessions/s1/events?from=2", true]);
});

test.each([404, 401, 410])("status %d is the server's last word", async (status) => {
	const { links, asked } = await followed([problem(status)]);
	expect([links, asked.length]).toEqual([["connecting", "refused"], 1]);
});

test.each([429, 503])("status %d is not", async (status) => {
	const { seqs, links } = await followed([problem(status), stream(over)]);
	expect([seqs, links.slice(0, 4)]).toEqual([[5], ["connecting", "lost", "live", "rest"]]);
});

test("at rest it waits to be told to look, and reads only what is new", async () => {
	let looks = 0;
	const nudge = async (signal: AbortSignal) => {
		looks += 1;
		// The first one is that of the reading itself.
		if (looks === 1) await aborted(signal);
	};
	const next = logged([{ type: "turn.started", turn: 2, question: "?" }], 6)[0];
	const { seqs, asked } = await followed([stream(created, over), stream(next), rests], { nudge });
	expect([seqs, asked.slice(0, 2)]).toEqual([
		[1, 5, 6],
		["/v1/sessions/s1/events?from=1", "/v1/sessions/s1/events?from=6"],
	]);
});

test("what is shared is read at its own address, without a key", async () => {
	const keys: (string | null)[] = [];
	const { asked } = await followed(
		[
			(request) => {
				keys.push(request.headers.get("authorization"));
				return problem(404)(request);
			},
		],
		{},
		{ kind: "shared", token: "t 1" },
	);
	expect([asked, keys]).toEqual([["/v1/shared/t%201/events?from=1"], [null]]);
});
