/// <reference types="@cloudflare/vitest-plugin/types" />
import { env, runInDurableObject } from "cloudflare:test";
import type { SessionRpc } from "../../durable-objects/rpc.ts";
import type { LoggedEvent } from "../../src/consensus/events.ts";
import type { Team } from "../../src/consensus/team.ts";
import { teamOf } from "../consensus/scenario.ts";
import { picked } from "../support/trace.ts";

/** The session's object itself, in the Workers runtime, with the built-in demo team. */
export function sessionOf(name: string): SessionRpc & DurableObjectStub {
	const namespace = (env as unknown as { readonly SESSION: DurableObjectNamespace }).SESSION;
	return namespace.getByName(name) as unknown as SessionRpc & DurableObjectStub;
}

const models = ["demo-precedence", "demo-rewriting", "demo-left-to-right"];
const { agents, ...rest } = teamOf({});
export const demo: Team = { ...rest, agents: agents.map((agent, seat) => ({ ...agent, model: models[seat] ?? "" })) };

/** One agent alone: its first answer is final, which takes a second. */
export const alone: Team = { ...demo, agents: demo.agents.slice(0, 1) };

type Row = Record<string, SqlStorageValue>;

export async function rowsOf(name: string, query: string): Promise<Row[]> {
	return runInDurableObject(sessionOf(name), (_, state) => state.storage.sql.exec(query).toArray());
}

export async function logOf(name: string): Promise<LoggedEvent[]> {
	const rows = await rowsOf(name, "SELECT lines FROM log ORDER BY first");
	return rows.flatMap(({ lines }) =>
		String(lines)
			.split("\n")
			.map((line): LoggedEvent => JSON.parse(line)),
	);
}

export async function until(
	name: string,
	reached: (events: readonly LoggedEvent[]) => boolean,
): Promise<LoggedEvent[]> {
	for (let look = 0; look < 200; look++) {
		const events = await logOf(name);
		if (reached(events)) return events;
		await new Promise((resolve) => setTimeout(resolve, 100));
	}
	throw new Error(`${name} never came so far`);
}

export const finished = (turns: number) => (events: readonly LoggedEvent[]) =>
	picked(events, "turn.finished").length === turns;
