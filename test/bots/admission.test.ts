import { expect, test } from "vitest";
import { defaultLimits, isAllowed, limitsOf, refusalWords } from "../../bots/admission.ts";

test.each<[title: string, settings: Record<string, string>, limits: typeof defaultLimits]>([
	["nothing set", {}, defaultLimits],
	[
		"what is set holds, zero too",
		{ CHAT_RUNS_AT_ONCE: "0", CHAT_USD_PER_DAY: "2.5" },
		{ ...defaultLimits, atOnceMax: 0, usdPerDayMax: 2.5 },
	],
	[
		"what is no number counts as not set",
		{ CHAT_RUNS_PER_USER_PER_DAY: "many", CHAT_USD_PER_DAY: "-1" },
		defaultLimits,
	],
])("limits: %s", (_, settings, limits) => {
	expect(limitsOf(settings)).toEqual(limits);
});

test.each<[setting: string | undefined, name: string, allowed: boolean]>([
	[undefined, "T1", true],
	["T1, T2", "T2", true],
	["T1 T2", "T3", false],
	["", "T1", false],
])("with the list %j, %s is allowed: %s", (setting, name, allowed) => {
	expect(isAllowed(setting, name)).toBe(allowed);
});

test("a refusal says why in plain words, and when to come back where that is known", () => {
	const time = (ms: number) => `at ${ms}`;
	expect([
		refusalWords({ ok: false, limit: "user_runs_per_day", resetsAtMs: 7 }, time),
		refusalWords({ ok: false, limit: "runs_at_once", resetsAtMs: null }, time),
	]).toEqual([
		"You have asked as many questions as one person may in a day here. You can ask again at 7.",
		"The team is answering as many questions here as it may at once. Please ask again when one is done.",
	]);
});
