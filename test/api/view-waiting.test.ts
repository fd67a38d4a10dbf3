import { expect, test } from "vitest";
import { emptyView, viewOf } from "../../src/api/view.ts";
import type { LoggedEvent } from "../../src/consensus/events.ts";
import { teamOf } from "../support/api.ts";

/** Events without their envelope, as a table can hold them. */
type Bare = Readonly<Record<string, unknown>>;

const team = teamOf({ agents: [{ id: "a", backend: "openai", model: "x" }] });
const opened: Bare[] = [
	{ type: "session.created", team, seed: 1 },
	{ type: "turn.started", turn: 1, question: "Why?" },
];
const seen = (...events: readonly Bare[]) =>
	events
		.map((event, at) => ({ seq: at + 1, at: "2026-01-02T03:04:05.000Z", ...event }) as unknown as LoggedEvent)
		.reduce(viewOf, emptyView);

const waits = (cause: "suspended" | "budget"): Bare => ({ type: "session.waiting", for: cause, detail: "Why." });
const wayOut = "Send `resume` to go on, or `cancel` to end this turn.";
test.each<[string, Bare[], object | null]>([
	["a crash loop", [waits("suspended")], { for: "suspended", detail: "Why.", way_out: wayOut }],
	[
		"money",
		[waits("budget")],
		{
			for: "budget",
			detail: "Why.",
			way_out: "Raise the session's budget to go on, or `cancel` to end this turn.",
		},
	],
	["nothing once it goes on", [waits("suspended"), { type: "session.resumed" }], null],
	["nothing once its turn is over", [waits("suspended"), { type: "session.cancelled", turn: 1 }], null],
])("a session that waits for %s says so, and what to do", (_, events, waiting) => {
	expect(seen(...opened, ...events).waiting).toEqual(waiting);
});
