import { expect, test } from "vitest";
import type { z } from "zod";
import type { SessionSummary, SteerCommand } from "../../durable-objects/rpc.ts";
import { EventsQuery, Event, ListQuery } from "../../src/api/contract.ts";
import type { Session, Steer } from "../../src/api/contract.ts";
import { TeamInput, type FullTeam } from "../../src/api/team-schema.ts";
import { parsed } from "../../src/api/fields.ts";
import { nearest } from "../../src/api/nearest.ts";
import type { LoggedEvent } from "../../src/consensus/events.ts";
import type { Team } from "../../src/consensus/team.ts";
import { limitBounds } from "../../src/consensus/team.ts";
import { demoTeam } from "../support/api.ts";

/** What a schema yields, with everything read-only, as the core's types have it. */
type Frozen<T> = T extends string | number | boolean | null | undefined
	? T
	: string extends keyof T
		? T
		: { readonly [K in keyof T]: Frozen<T[K]> };
type Fits<A, B> = [A] extends [B] ? true : false;
type EventSent = z.output<typeof Event>;

test("what the schemas yield is what the core works on, and the other way round", () => {
	// Checked by the compiler: a false here does not fit its type.
	const fits: readonly [
		Fits<EventSent, LoggedEvent>,
		Fits<LoggedEvent, Frozen<EventSent>>,
		Fits<z.output<typeof FullTeam>, Team>,
		Fits<Team, Frozen<z.output<typeof FullTeam>>>,
		Fits<SteerCommand, Frozen<z.output<typeof Steer>>>,
		Fits<Session, SessionSummary>,
	] = [true, true, true, true, true, true];
	expect(fits).toEqual([true, true, true, true, true, true]);
});

const at = "2026-01-02T03:04:05.000Z";
const file = { file: "f1", name: "a.png", media_type: "image/png", bytes: 3 };
test.each<[string, unknown]>([
	["session.created", { seq: 1, at, type: "session.created", team: demoTeam, seed: 7 }],
	["turn.started without files", { seq: 2, at, type: "turn.started", turn: 1, question: "?" }],
	["turn.started with files", { seq: 2, at, type: "turn.started", turn: 1, question: "?", attachments: [file] }],
	["turn.queued with files", { seq: 2, at, type: "turn.queued", message: "?", attachments: [file] }],
	[
		"agent.image",
		{ seq: 3, at, type: "agent.image", agent: "a", call: "c", file: "f1", media_type: "image/png", bytes: 3 },
	],
	[
		"agent.image_dropped",
		{ seq: 3, at, type: "agent.image_dropped", agent: "a", call: "c", media_type: "x/y", reason: "too_large" },
	],
	["attempt.started without instructions", { seq: 2, at, type: "attempt.started", attempt: 1 }],
	["attempt.started with instructions", { seq: 2, at, type: "attempt.started", attempt: 2, instructions: "again" }],
	["answer.refused", { seq: 3, at, type: "answer.refused", agent: "a", reason: "copy", of: "a1.1" }],
	[
		"tool.called",
		{ seq: 4, at, type: "tool.called", agent: "a", call: "c", tool: "t", arguments: { deep: [{ er: null }] } },
	],
	[
		"agent.fell_back",
		{
			seq: 6,
			at,
			type: "agent.fell_back",
			agent: "a",
			from: { backend: "b", model: "m" },
			to: { backend: "c", model: "n" },
			code: "auth",
		},
	],
	["agent.paused", { seq: 7, at, type: "agent.paused", agent: "a" }],
	[
		"call.finished of unknown cost",
		{ seq: 5, at, type: "call.finished", call: "c", outcome: "lost", usage: null, cost_usd: null },
	],
])("an event passes unchanged: %s", (_, event) => {
	expect(Event.parse(event)).toEqual(event);
});

const agents = [{ id: "a", backend: "b", model: "m" }];
test.each(Object.entries(limitBounds))("the limit %s goes from its minimum to its maximum", (name, { min, max }) => {
	const verdicts = [min - 1, min, max, max + 1].map((value) => {
		const result = parsed(TeamInput, { agents, limits: { [name]: value } });
		return result.ok ? "ok" : result.errors;
	});
	const path = `limits.${name}`;
	expect(verdicts).toEqual([
		[{ path, message: `must be at least ${min}` }],
		"ok",
		"ok",
		[{ path, message: `must be at most ${max}` }],
	]);
});

test.each<[Record<string, string>, unknown]>([
	[{}, { limit: 20 }],
	[{ limit: "1" }, { limit: 1 }],
	[
		{ limit: "100", cursor: "9" },
		{ limit: 100, cursor: "9" },
	],
])("a page %j is %j", (query, expected) => {
	expect(ListQuery.parse(query)).toEqual(expected);
});

test("events may start at 15 digits, not at 16", () => {
	expect([
		EventsQuery.safeParse({ from: "9".repeat(15) }).success,
		EventsQuery.safeParse({ from: "9".repeat(16) }).success,
	]).toEqual([true, false]);
});

test.each<[string, string[], string | null]>([
	["modle", ["model", "mode"], "model"],
	["agent", ["agents"], "agents"],
	["tmae", ["team"], null],
	["x", ["y"], null],
	["ab", ["ac"], null],
	["abc", ["abd"], "abd"],
	["temperature", ["team"], null],
	["", ["a"], null],
])("`%s` among %j most likely means %s", (word, known, meant) => {
	expect(nearest(word, known)).toBe(meant);
});
