import { expect, test } from "vitest";
import type { LoggedEvent, SessionEvent } from "../../src/consensus/events.ts";
import { sharedEvent, sharedTeam } from "../../src/consensus/shared.ts";
import type { Team } from "../../src/consensus/team.ts";
import { teamOf } from "./scenario.ts";

const at = "2026-01-02T03:04:05.000Z";
const secret = "SECRET";
const spec = { backend: "b", model: "m", params: { token: secret, base_url: `https://${secret}` } };
const plain = teamOf({});
const [first] = plain.agents;
const team: Team = {
	...plain,
	description: secret,
	agents: [{ ...first!, params: spec.params, system: secret, tools: [secret], resume: false, fallback: spec }],
	protocol: { ...plain.protocol, judge: spec },
	budget: { usd: 1, tokens: 2, calls: 3, seconds: 4, session: { usd: 1, tokens: null, calls: null } },
};
const bare = { backend: "b", model: "m", params: {} };
const uncapped = { usd: null, tokens: null, calls: null };

test("of a team is shown who takes part and by which rules", () => {
	expect(sharedTeam(team)).toEqual({
		...team,
		description: "",
		agents: [{ ...first!, system: "", params: {}, tools: [], resume: true, fallback: bare }],
		protocol: { ...plain.protocol, judge: bare },
		budget: uncapped,
	});
});

const agent = first!.id;
const call = "t1.a1.r1.c1.x1" as never;
test.each<[SessionEvent, Partial<SessionEvent>]>([
	[{ type: "session.created", team, seed: 7 }, { team: sharedTeam(team) }],
	[{ type: "agent.reasoning", agent, call, text: secret }, { text: "" }],
	[{ type: "tool.called", agent, call, tool: "web_fetch", arguments: { url: secret } }, { arguments: {} }],
	[{ type: "tool.returned", agent, call, tool: "web_fetch", ok: true, result: secret }, { result: "" }],
	[
		{
			type: "agent.failed",
			agent,
			code: "auth",
			retryable: false,
			message: secret,
			begun: false,
			retry_in_ms: null,
		},
		{ message: "" },
	],
	[{ type: "judge.failed", code: "auth", message: secret }, { message: "" }],
	[
		{ type: "turn.failed", turn: 1, reasons: [{ agent, code: "auth", message: secret }] },
		{ reasons: [{ agent, code: "auth", message: "" }] },
	],
	[{ type: "session.waiting", for: "budget", detail: secret }, { detail: "" }],
	[{ type: "note.added", text: secret }, { text: "" }],
	[{ type: "budget.changed", budget: team.budget }, { budget: uncapped }],
])("what is its owner's alone is left out of %o", (event, change) => {
	const shown = sharedEvent({ seq: 3, at, ...event });
	expect(shown).toEqual({ seq: 3, at, ...event, ...change });
	expect(JSON.stringify(shown)).not.toContain(secret);
});

test("what a call may cost at most tells of caps", () => {
	const started = { type: "call.started", purpose: "round", provider: "b", model: "m", paid: 1, offers: [] } as const;
	const event: SessionEvent = { ...started, call, agent };
	expect(sharedEvent({ seq: 3, at, ...event, worst: { tokens: 9, usd: 1 } })).toEqual({ seq: 3, at, ...event });
});

test.each<SessionEvent>([
	{ type: "turn.started", turn: 1, question: "Why?" },
	{ type: "agent.text", agent, call, text: "I think" },
	{ type: "answer.accepted", agent, answer: "a1.1" as never, text: "Because" },
	{ type: "vote.cast", agent, answer: "a1.1" as never, reason: "It is right" },
	{ type: "final.text", text: "Because" },
])("the conversation is shown whole: %o", (event) => {
	expect(sharedEvent({ seq: 3, at, ...event })).toEqual({ seq: 3, at, ...event });
});

test("of what a newer release has written nothing is shown but its name", () => {
	const newer = { seq: 3, at, type: "thing.happened", text: secret } as unknown as LoggedEvent;
	expect(sharedEvent(newer)).toEqual({ seq: 3, at, type: "thing.happened" });
});
