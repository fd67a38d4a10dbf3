import { expect, test } from "vitest";
import { outcomeCharsMax } from "../../durable-objects/store/calls.ts";
import type { ModelEvent } from "../../src/backends/backend.ts";
import type { CallId } from "../../src/consensus/events.ts";
import { teamOf } from "../consensus/scenario.ts";
import { abandoned, answering, replies, rig, saying, type Script } from "./rig.ts";

const one = teamOf({ agents: 1 });
const stuck: Script = async function* stuck(_, signal) {
	yield [];
	await abandoned(signal);
};

test("what a model said is kept as long as its round may need it, and not at rest", async () => {
	const session = rig(replies(saying("Hm."), answering("42")));
	session.open(one);
	const kept = () => session.sql.exec("SELECT outcome IS NOT NULL AS kept FROM calls ORDER BY id").toArray();
	await session.settle();
	expect(session.requests.length).toBe(2);
	expect(kept()).toEqual([{ kept: 0 }, { kept: 0 }]);

	const going = rig(async function* first({ messages }, signal) {
		if (messages.length === 2) return yield saying("Hm.");
		await abandoned(signal);
	});
	going.open(one);
	await going.settle();
	expect(going.sql.exec("SELECT outcome IS NOT NULL AS kept FROM calls ORDER BY id").toArray()).toEqual([
		{ kept: 1 },
		{ kept: 0 },
	]);
});

test("of a reply that is too long for a row the ledger keeps the words; memory still has it all", async () => {
	const drawn = (chars: number): readonly ModelEvent[] => [
		{ type: "text", text: "See." },
		{ type: "echo", item: { picture: "A".repeat(chars) } },
		{ type: "end", stop: "end" },
	];
	const rest = JSON.stringify({
		text: "See.",
		toolCalls: [],
		echo: [{ picture: "" }],
		by: { backend: "demo", model: "model-a" },
	});
	const fits = outcomeCharsMax - rest.length;
	const session = rig((...asked) =>
		session.requests.length < 3 ? replies(drawn(fits + session.requests.length - 1))(...asked) : stuck(...asked),
	);
	session.open(one);
	await session.settle();
	const kept = ["t1.a1.r1.c1.x1", "t1.a1.r1.c2.x1"].map((call) => session.store.outcomeOf(call as CallId));
	expect(kept.map((outcome) => [outcome?.text, outcome?.echo.length])).toEqual([
		["See.", 1],
		["See.", 0],
	]);
	const echoes = session.requests[2]?.messages.flatMap((message) =>
		message.role === "assistant" ? [message.echo.length] : [],
	);
	expect(echoes).toEqual([1, 1]);
});
