import { expect, test } from "vitest";
import type { ModelEvent } from "../../../src/backends/backend.ts";
import { calling, type Wiring } from "../../../src/backends/call/call.ts";
import { makeDeadlineTimer } from "../../../src/backends/call/deadline-timer.ts";
import { makeRefusedModes, type Mode } from "../../../src/backends/call/modes.ts";
import { makeSlots } from "../../../src/backends/pace/slots.ts";
import { readerFor } from "../../../src/backends/wire/readers.ts";
import { InvariantError } from "../../../src/std/assert.ts";
import { collected, modelRequest } from "../../support/fake-request.ts";

/** Of a form that no pattern for keys knows: 32 hexadecimal digits, a dot, 16 characters. */
const key = "0123456789abcdef0123456789abcdef.ABCDEFGHabcdefgh";

const plain: Mode = {
	build: async () => ({
		url: "http://127.0.0.1:9/",
		init: { method: "POST", headers: new Headers(), body: "{}" },
	}),
	reader: () => readerFor("openai-chat"),
};

function wiring(changes: Partial<Wiring>): Wiring {
	return {
		name: "zai",
		key,
		plain,
		resumable: null,
		refusedModes: makeRefusedModes(),
		aside: () => {},
		admit: async () => ({ permit: { heard: () => {}, ended: () => {} } }),
		slots: makeSlots({ slotsMax: 1, queueMax: 1 }),
		limits: { bodyBytesMax: 100_000, outputCharactersMax: 100_000 },
		fetch: async () => new Response("{}"),
		now: () => 0,
		timer: makeDeadlineTimer(() => 0),
		...changes,
	};
}

const messagesOf = (events: readonly ModelEvent[]) =>
	events.flatMap((event) => (event.type === "failed" ? [event.failure.message] : []));

const inStream = (message: string) => () =>
	new Response(`data: ${JSON.stringify({ error: { code: 401, message } })}\n\n`, {
		headers: { "content-type": "text/event-stream" },
	});
const refused = (message: string) => () => new Response(message, { status: 401 });

test.each<[string, () => Response, string]>([
	["in an error of the stream", inStream(`no such account: ${key}, sorry`), "no such account: [key], sorry"],
	["in a refusal", refused(`no such account: ${key}, sorry`), "no such account: [key], sorry"],
	["more than once", refused(`${key} or ${key}`), "[key] or [key]"],
	["cut off by the end of a refusal's message", refused(`${"-".repeat(470)}${key}`), `${"-".repeat(470)}[key]…`],
	["cut off by the end of a stream's message", inStream(`${"-".repeat(470)}${key}`), `${"-".repeat(470)}[key]…`],
	["of which six characters are left", refused(`${"-".repeat(493)}${key}`), `${"-".repeat(493)}[key]…`],
	["of which five are left, too few to be of use", refused(`${"-".repeat(494)}${key}`), `${"-".repeat(494)}01234…`],
	["of which all but the last character is left", refused(`told ${key.slice(0, -1)}`), "told [key]"],
	["not at all", refused("-".repeat(501)), `${"-".repeat(499)}…`],
])("a failure that quotes the key %s does not show it", async (_, answer, expected) => {
	const events = await collected(calling(wiring({ fetch: async () => answer() })), modelRequest());
	expect(messagesOf(events)).toEqual([expected]);
});

test("a key too short to be one is left in the words it is part of", async () => {
	const backend = calling(wiring({ key: "no-key", fetch: async () => refused("there is no-key here: no-key")() }));
	expect(messagesOf(await collected(backend, modelRequest()))).toEqual(["there is no-key here: no-key"]);
});

const notBuilt = "the request to zai could not be built: check its key, its base URL and the params";
test.each<[string, Error, unknown]>([
	["a fault of the settings is a failure", new TypeError(`invalid header ${key}`), [notBuilt]],
	["a broken invariant of ours is thrown", new InvariantError("one request"), new InvariantError("one request")],
	[
		"so is one that an SDK has wrapped",
		new Error("Connection error.", { cause: new InvariantError("one request") }),
		new InvariantError("one request"),
	],
])("when a request cannot be built, %s", async (_, error, expected) => {
	const backend = calling(wiring({ plain: { ...plain, build: () => Promise.reject(error) } }));
	const told = await collected(backend, modelRequest()).then(messagesOf, (thrown: unknown) => thrown);
	expect(told).toEqual(expected);
});
