import type { ModelEvent, Resume } from "../../src/backends/backend.ts";
import type { Team } from "../../src/consensus/team.ts";
import { teamOf } from "../consensus/scenario.ts";
import { told } from "../consensus/told.ts";
import { abandoned, rig, type Rig, type Script } from "./rig.ts";

export const one = teamOf({ agents: 1 });
export const text = (said: string): ModelEvent => ({ type: "text", text: said });
export const handle: ModelEvent = { type: "handle", handle: "h1", cursor: null };
export const usage: ModelEvent = {
	type: "usage",
	usage: { input: 10, output: 5, cached: null, reasoning: null },
};
export const voting = (content: string): ModelEvent => ({
	type: "tool_call",
	call: { id: "c1", name: "new_answer", arguments: { content } },
});

/** Brings these and then nothing, until nobody wants it any more. */
export function stuck(...events: readonly ModelEvent[]): Script {
	return async function* stream(_, signal) {
		yield events;
		await abandoned(signal);
	};
}

/**
 * A provider that still has the call: each time it is asked it gives the next of these, the last one again and again. One
 * that begins with a failure is no answer: it is the request that failed.
 */
export function providing(...each: readonly (readonly ModelEvent[])[]): Resume & { readonly asked: unknown[] } {
	const asked: unknown[] = [];
	const resume: Resume = async function* reply(point) {
		asked.push(point);
		const events = each[Math.min(asked.length, each.length) - 1] ?? [];
		yield events[0]?.type === "failed" ? events : [{ type: "restart" }, ...events];
	};
	return Object.assign(resume, { asked });
}

/** A session whose machine died once its call had brought this much and that much was on disk. */
export async function dead(script: Script, team: Team = one): Promise<Rig> {
	const before = rig(script);
	before.open(team);
	await before.settle();
	await before.pass(1_000);
	return before;
}

export function bootOf({ sql }: Rig, script: Script, resume: Resume | null = null, fromMs = 2_000): Rig {
	const after = rig(script, { sql, fromMs, resume });
	after.runner.resume();
	return after;
}

export const lines = ({ log }: Rig) =>
	log()
		.slice(4)
		.flatMap((event) => {
			if (event.type === "call.started") return [`paid ${event.paid}`];
			if (event.type === "call.finished") return [`${event.outcome}, ${event.usage?.input ?? null} tokens`];
			return told(event) ?? [];
		});
export const presented = ["consensus.reached alone a1.1 100%", "presentation.started a 1 reuse"];
export const done = (answer: string) => [
	"answer.accepted a a1.1",
	...presented,
	`final.text ${answer}`,
	`turn.finished 1 consensus: ${answer}`,
];
export const gapless = ({ log }: Rig) => log().every(({ seq }, i) => seq === i + 1);
