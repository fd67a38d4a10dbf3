import { expect, test } from "vitest";
import type { ModelEvent, ModelRequest } from "../../../src/backends/backend.ts";
import { makeBackends } from "../../../src/backends/backends.ts";
import { makePace, type CallPace } from "../../../src/backends/pace/pace.ts";
import { sleep } from "../../../src/backends/sleep.ts";
import { settingsAt, specOf } from "../../support/fake-hosts.ts";
import { modelRequest } from "../../support/fake-request.ts";

/** A call that is aborted wherever it stands leaves nothing behind: no slot, no permit, no answer that goes on unread. */

/** Turns of the event loop after which the call is aborted: the longest of these calls takes fewer. */
const turnsMax = 40;

const payload = (event: object): string => `data: ${JSON.stringify(event)}\n\n`;
const kept = { id: "resp_1", background: true };
const answer: readonly string[] = [
	payload({ type: "response.created", sequence_number: 0, response: kept }),
	payload({ type: "response.output_text.delta", sequence_number: 1, delta: "So" }),
	payload({ type: "response.completed", sequence_number: 2, response: { ...kept, output: [] } }),
];
const unkept: readonly string[] = [
	...answer.slice(1, 2),
	payload({ type: "response.completed", response: { output: [] } }),
];

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

type Signal = AbortSignal | null | undefined;

function streamed(pieces: readonly string[], signal: Signal): ReadableStream<Uint8Array> {
	return new ReadableStream({
		start: async (controller) => {
			for (const piece of pieces) {
				await turn();
				if (signal?.aborted) return controller.error(new Error("aborted"));
				controller.enqueue(new TextEncoder().encode(piece));
			}
			controller.close();
		},
	});
}

type Host = (body: string, signal: Signal) => Response;

const isKept = (body: string): boolean => body.includes('"background":true');
const plainly = (signal: Signal): Response => new Response(streamed(unkept, signal));
const answering: Host = (body, signal) => (isKept(body) ? new Response(streamed(answer, signal)) : plainly(signal));
const refusing: Host = (body, signal) =>
	isKept(body) ? new Response(streamed(["{}"], signal), { status: 400 }) : plainly(signal);
const failing: Host = () => new Response("{}", { status: 500 });

/** Counts those who were let through and have not said what became of them. */
function counting(pace: CallPace): { readonly pace: CallPace; readonly open: () => number } {
	let open = 0;
	const admit: CallPace["admit"] = async (...call) => {
		const admitted = await pace.admit(...call);
		if ("failure" in admitted) return admitted;
		let over = false;
		open += 1;
		const ended: typeof admitted.permit.ended = (outcome) => {
			if (!over) open -= 1;
			over = true;
			admitted.permit.ended(outcome);
		};
		return { permit: { ...admitted.permit, ended } };
	};
	return { pace: { ...pace, admit }, open: () => open };
}

type Scene = { readonly host: Host; readonly changes: Partial<ModelRequest>; readonly taken: "no slot" | "every slot" };

async function abortedAfter(turns: number, { host, changes, taken }: Scene) {
	const cancels: string[] = [];
	const aside: Promise<void>[] = [];
	const fetch: typeof globalThis.fetch = async (input, init) => {
		await turn();
		init?.signal?.throwIfAborted();
		if (String(input).endsWith("/cancel")) cancels.push(String(input));
		return host(String(init?.body), init?.signal);
	};
	const { pace, open } = counting(makePace({ now: () => 0, random: () => 0, sleep }));
	const deps = { fetch, pace, now: () => 0, aside: (work: Promise<void>) => void aside.push(work) };
	const backends = makeBackends(settingsAt("https://hosts.invalid"), { ...deps, limits: { slotsMax: 1 } });
	const backend = backends.open(specOf("openai"));
	const leaving = new AbortController();
	const events: ModelEvent[] = [];
	const read = async (request: ModelRequest, into: ModelEvent[]): Promise<void> => {
		for await (const batch of backend(request, leaving.signal)) into.push(...batch);
	};
	const calls = taken === "every slot" ? [read(modelRequest(), []), read(modelRequest(), [])] : [];
	calls.push(read(modelRequest(changes), events));
	for (let i = 0; i < turns; i++) await turn();
	leaving.abort();
	const before = events.length;
	await Promise.all(calls);
	await Promise.all(aside);
	const ends = events.some(({ type }) => type === "end");
	const known = events.some(({ type }) => type === "handle");
	return {
		left: { open: open(), slots: backends.pace().waiting_for_headers, later: events.length - before },
		cancels: cancels.length,
		wanted: known && !ends ? 1 : 0,
		ends,
	};
}

test.each<[string, Scene]>([
	["a plain call", { host: answering, changes: {}, taken: "no slot" }],
	["one that its host keeps", { host: answering, changes: { resumable: true }, taken: "no slot" }],
	["one whose mode is refused", { host: refusing, changes: { resumable: true }, taken: "no slot" }],
	["one that fails", { host: failing, changes: { resumable: true }, taken: "no slot" }],
	["one that waits for a slot", { host: answering, changes: { resumable: true }, taken: "every slot" }],
])("%s leaves nothing behind, whenever it is aborted", async (_, scene) => {
	const nothing = { open: 0, slots: { max: 1, taken: 0, queued: 0 }, later: 0 };
	const came = [];
	for (let turns = 0; turns <= turnsMax; turns++) came.push(await abortedAfter(turns, scene));
	expect(came).toEqual(came.map(({ wanted, ends }) => ({ left: nothing, cancels: wanted, wanted, ends })));
	expect([came[0]?.ends, came.at(-1)?.ends]).toEqual([false, true]);
});
