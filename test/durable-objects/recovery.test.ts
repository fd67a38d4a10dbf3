/// <reference types="@cloudflare/vitest-plugin/types" />
import { env, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { expect, inject, test } from "vitest";
import { readsMax } from "../../durable-objects/store/boots.ts";
import type { SessionRpc } from "../../durable-objects/rpc.ts";
import type { LoggedEvent } from "../../src/consensus/events.ts";
import type { Team } from "../../src/consensus/team.ts";
import { teamOf } from "../consensus/scenario.ts";
import { picked } from "../support/trace.ts";

/** P15 in the Workers runtime: the object is killed at each boundary of a call, by providers of each kind. */

function sessionOf(name: string): SessionRpc & DurableObjectStub {
	const namespace = (env as unknown as { readonly SESSION: DurableObjectNamespace }).SESSION;
	return namespace.getByName(name) as unknown as SessionRpc & DurableObjectStub;
}

const alone = (backend: string, model: string): Team => teamOf({ agents: 1, member: { backend, model } });

async function rowsOf(name: string, query: string): Promise<Record<string, SqlStorageValue>[]> {
	return runInDurableObject(sessionOf(name), (_, state) => state.storage.sql.exec(query).toArray());
}

async function logOf(name: string): Promise<readonly LoggedEvent[]> {
	const rows = await rowsOf(name, "SELECT lines FROM log ORDER BY first");
	return rows.flatMap(({ lines }) =>
		String(lines)
			.split("\n")
			.map((line): LoggedEvent => JSON.parse(line)),
	);
}

/** The object dies on the spot: what is not on disk is gone. */
async function killed(name: string): Promise<void> {
	await runInDurableObject(sessionOf(name), (_, state) => state.abort("killed")).catch(() => {});
}

async function told(what: string): Promise<unknown> {
	return (await fetch(`${inject("control")}/${what}`)).json();
}

async function until(reached: () => Promise<boolean>): Promise<void> {
	for (let look = 0; look < 200; look++) {
		if (await reached()) return;
		await new Promise((resolve) => setTimeout(resolve, 50));
	}
	throw new Error("it never came so far");
}

/** `spoken`: its last words have come, and what they lead to has not. */
type Boundary = "silent" | "named" | "speaking" | "spoken" | "decided" | "ended";
const columns = { silent: "1", named: "handle", speaking: "1", spoken: "1", decided: "partial", ended: "1" } as const;

/** Whether a first machine has come so far, as far as that can be seen from outside. */
async function hasReached(name: string, model: string, boundary: Boundary): Promise<boolean> {
	const log = await logOf(name);
	if (boundary === "ended") return picked(log, "turn.finished").length === 1;
	if ((await told(`paid?${model}`)) !== 1) return false;
	if (boundary === "speaking") return picked(log, "agent.text").length > 0;
	if (boundary === "spoken") return saidIn(log) === words;
	const [row] = await rowsOf(name, `SELECT ${columns[boundary]} AS there FROM calls`);
	return row?.["there"] !== null;
}

function saidIn(log: readonly LoggedEvent[]): string {
	return picked(log, "agent.text")
		.map(({ text }) => text)
		.join("");
}

const words = "Six times seven: six sevens are added up, one after the other. ";
const once = { paid: 1, calls: ["ok"] };
const twice = { paid: 2, calls: ["lost", "ok"] };

type Host = "openai" | "gemini" | "anthropic";
type Outcome = { readonly paid: number; readonly calls: readonly string[] };

/**
 * What becomes of a call, by how far it had come and by its host: first where the host still has the answer, then where it
 * has it no more. Null: that cannot be. Anthropic keeps no answers, so it names none, and has none that it could throw away.
 */
const outcomes: Readonly<Record<Boundary, Readonly<Record<Host, readonly [Outcome | null, Outcome | null]>>>> = {
	// Nobody knows its name yet, so it is all the same whether the host has it.
	silent: { openai: [twice, twice], gemini: [twice, twice], anthropic: [twice, null] },
	named: { openai: [once, twice], gemini: [once, twice], anthropic: [null, null] },
	speaking: { openai: [once, twice], gemini: [once, twice], anthropic: [twice, null] },
	spoken: { openai: [once, twice], gemini: [once, twice], anthropic: [twice, null] },
	decided: { openai: [once, once], gemini: [once, once], anthropic: [once, null] },
	ended: { openai: [once, once], gemini: [once, once], anthropic: [once, null] },
};

const cases = Object.entries(outcomes).flatMap(([boundary, hosts]) =>
	Object.entries(hosts).flatMap(([host, [has, hasNoMore]]) =>
		[["has it", has] as const, ["has it no more", hasNoMore] as const].flatMap(([kept, outcome]) =>
			outcome === null ? [] : [[boundary as Boundary, host as Host, kept, outcome] as const],
		),
	),
);

test.each(cases)(
	"P15: killed when its call was %s, at %s, which %s",
	async (boundary, backend, kept, { paid, calls }) => {
		const name = `${boundary} ${backend} ${kept}`;
		const model = `${boundary}.${name.replaceAll(" ", "-")}`;
		await sessionOf(name).open({ id: name, team: alone(backend, model), question: "What is 6 times 7?" });
		await until(() => hasReached(name, model, boundary));
		const before = await logOf(name);
		await killed(name);
		if (kept === "has it no more") await told("forget");
		await told(`release?${model}`);
		await runDurableObjectAlarm(sessionOf(name));
		await until(async () => picked(await logOf(name), "turn.finished").length === 1);

		const after = await logOf(name);
		expect(after.slice(0, before.length)).toEqual(before);
		expect(after.map(({ seq }) => seq)).toEqual(after.map((_, i) => i + 1));
		expect([await told(`paid?${model}`), picked(after, "call.finished").map(({ outcome }) => outcome)]).toEqual([
			paid,
			calls,
		]);
		expect(picked(after, "turn.finished").map(({ answer, winner }) => [answer, winner.agent])).toEqual([
			["42", "a"],
		]);
		expect(saidIn(after).split(words).length - 1).toBeLessThanOrEqual(1);
	},
);

/** How often an answer was asked for again so far, by any session. */
async function takeUps(): Promise<number> {
	const followed = (await told("followed")) as readonly string[];
	return followed.filter((request) => request.startsWith("GET ")).length;
}

test("P15: killed each time where what is told again goes over into what is new, the log has all of a call once", async () => {
	const [name, model] = ["whole again", "speaking.whole-again"];
	await sessionOf(name).open({ id: name, team: alone("openai", model), question: "What is 6 times 7?" });
	for (let kill = 1; kill <= 3; kill++) {
		await until(() => hasReached(name, model, "speaking"));
		const before = await takeUps();
		await killed(name);
		await sessionOf(name).summary();
		await until(async () => (await takeUps()) > before);
		// All that the log holds comes in one piece.
		await new Promise((resolve) => setTimeout(resolve, 100));
	}
	await told(`release?${model}`);
	await until(async () => picked(await logOf(name), "turn.finished").length === 1);
	const log = await logOf(name);
	expect([
		saidIn(log),
		picked(log, "call.resumed").length,
		picked(log, "call.finished").map(({ usage }) => usage !== null),
		await told(`paid?${model}`),
	]).toEqual([`${words}So. `, 3, [true], 1]);
});

test("P15: a session that only crashes is suspended, asks nobody, and goes on when it is told to", async () => {
	const [name, model] = ["looping", "speaking.looping"];
	await sessionOf(name).open({ id: name, team: alone("openai", model), question: "What is 6 times 7?" });
	await until(() => hasReached(name, model, "speaking"));
	for (let kill = 1; kill <= 5; kill++) {
		await killed(name);
		await sessionOf(name).summary();
	}
	const { status, waiting_for } = (await sessionOf(name).summary()) ?? {};
	expect([status, waiting_for, picked(await logOf(name), "call.resumed").length]).toEqual([
		"waiting",
		"suspended",
		4,
	]);
	await told(`release?${model}`);
	expect(await sessionOf(name).steer({ action: "resume" })).toEqual({ ok: true });
	await until(async () => picked(await logOf(name), "turn.finished").length === 1);
	expect(await told(`paid?${model}`)).toBe(1);
});

test("P15: deleted while it is suspended and asleep, it ends what its provider is at work on", async () => {
	const [name, model] = ["deleted", "speaking.deleted"];
	await sessionOf(name).open({ id: name, team: alone("openai", model), question: "What is 6 times 7?" });
	await until(() => hasReached(name, model, "speaking"));
	await killed(name);
	await sessionOf(name).destroy();
	const cancelled = async () => (await told("followed")) as readonly string[];
	await until(async () => (await cancelled()).some((request) => request.endsWith("/cancel")));
	expect((await cancelled()).filter((request) => request.endsWith("/cancel")).length).toBe(1);
});

test("a log that cannot be read is told of, wakes nobody for ever, and can be deleted", async () => {
	const [name, model] = ["unreadable", "speaking.unreadable"];
	await sessionOf(name).open({ id: name, team: alone("anthropic", model), question: "What is 6 times 7?" });
	await until(() => hasReached(name, model, "speaking"));
	await rowsOf(name, "UPDATE log SET lines = '{' RETURNING first");
	await killed(name);
	const read = () =>
		runInDurableObject(sessionOf(name), (session) =>
			(session as unknown as SessionRpc).summary().then(
				() => "read",
				(error: unknown) => (error instanceof SyntaxError ? "unreadable" : "another fault"),
			),
		);
	for (let boot = 1; boot <= readsMax; boot++) expect(await read()).toBe("unreadable");
	await runInDurableObject(sessionOf(name), (_, state) => state.storage.setAlarm(Date.now() + 60_000));
	expect(await runDurableObjectAlarm(sessionOf(name))).toBe(true);
	const counted = await rowsOf(name, "SELECT COUNT(*) AS boots FROM boots");
	expect([counted, await told(`paid?${model}`)]).toEqual([[{ boots: readsMax }], 1]);
	await sessionOf(name).destroy();
	expect(await sessionOf(name).summary()).toBe(null);
});
