import { expect, test } from "vitest";
import { makeRecentSessions, recentSessionsMax } from "../../src/api/recent-sessions.ts";

test("a session is known once it was added, and no more once it was removed", () => {
	const recent = makeRecentSessions();
	recent.add("a");
	expect([recent.has("a"), recent.has("b")]).toEqual([true, false]);
	recent.drop("a");
	expect(recent.has("a")).toBe(false);
});

test.each<[string, number, boolean]>([
	["as many as there may be are known", recentSessionsMax, true],
	["with one more the oldest is forgotten", recentSessionsMax + 1, false],
])("%s", (_, count, known) => {
	const recent = makeRecentSessions();
	for (let n = 1; n <= count; n++) recent.add(`s${n}`);
	expect([recent.has("s1"), recent.has("s2"), recent.has(`s${count}`)]).toEqual([known, true, true]);
});
