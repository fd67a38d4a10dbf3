import { expect, test } from "vitest";
import { emptyView, imagesShownMax, type View, viewOf } from "../../src/api/view.ts";
import type { LoggedEvent } from "../../src/consensus/events.ts";
import { teamOf } from "../support/api.ts";

const team = teamOf({ agents: ["a", "b"].map((id) => ({ id, backend: "openai", model: "m" })) });

/** The view after these events of a session that has just been created; envelopes are added. */
function seen(...events: readonly object[]): View {
	const at = "2026-01-02T03:04:05.000Z";
	return [{ type: "session.created", team, seed: 1 }, ...events]
		.map((event, i) => ({ seq: i + 1, at, ...event }) as unknown as LoggedEvent)
		.reduce(viewOf, emptyView);
}

const turn = (number: number, more: object = {}) => ({ type: "turn.started", turn: number, question: "?", ...more });
const image = (agent: string, file: string) => {
	const rest = { call: "k", file, media_type: "image/png", bytes: 3 };
	return { type: "agent.image", agent, ...rest };
};
const shown = (file: string) => ({ file, media_type: "image/png", bytes: 3 });

test("what was sent with a question is shown with its turn, and not with the next one", () => {
	const attachments = [{ file: "f1", name: "a.png", media_type: "image/png", bytes: 3 }];
	const first = [turn(1, { attachments })];
	const next = [...first, { type: "session.cancelled", turn: 1 }, turn(2)];
	expect([seen(...first), seen(...next)].map((view) => view.attachments)).toEqual([attachments, []]);
});

test("a message that waits is shown by its words", () => {
	const file = { file: "f1", name: "a.png", media_type: "image/png", bytes: 3 };
	expect(seen(turn(1), { type: "turn.queued", message: "And this?", attachments: [file] }).queued).toEqual([
		"And this?",
	]);
});

test("pictures are shown with the agent that made them; one that was dropped is not", () => {
	const dropped = { type: "agent.image_dropped", agent: "a", call: "k", media_type: "x", reason: "unreadable" };
	const view = seen(turn(1), image("a", "f1"), image("b", "f2"), dropped, image("a", "f3"));
	expect(view.agents.map(({ images }) => images)).toEqual([[shown("f1"), shown("f3")], [shown("f2")]]);
	expect(seen(turn(1), image("a", "f1"), turn(2)).agents.map(({ images }) => images)).toEqual([[], []]);
});

test.each([imagesShownMax, imagesShownMax + 1])("of %i pictures of an agent the last ones are kept", (count) => {
	const files = Array.from({ length: count }, (_, i) => `f${i + 1}`);
	const view = seen(turn(1), ...files.map((file) => image("a", file)));
	expect(view.agents[0]?.images).toEqual(files.slice(-imagesShownMax).map(shown));
});
