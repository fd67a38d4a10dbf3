import { expect, test } from "vitest";
import { attachedOf, fileBytesMax } from "../../../src/web/ask/attached-of.ts";
import { defaultTeam, requestOf, type Draft } from "../../../src/web/ask/draft.ts";
import { autoTeam, demoTeam, teamOf } from "../../support/api.ts";

const draft: Draft = { question: "Why?", team: null, usd: null, attachments: [] };
const file = { name: "a.txt", media_type: "text/plain", data: "aGk=" } as const;

test.each<[string, Partial<Draft>, object]>([
	["names no team where none is known", {}, { question: "Why?" }],
	["names the team", { team: demoTeam }, { question: "Why?", team: "demo" }],
	[
		"sends the team with a budget of one's own",
		{ team: demoTeam, usd: 0.5 },
		{ question: "Why?", team: { ...demoTeam, budget: { usd: 0.5, tokens: null, calls: null } } },
	],
	["sends files along", { attachments: [file] }, { question: "Why?", attachments: [file] }],
])("a draft %s", (_, changes, expected) => {
	expect(requestOf({ ...draft, ...changes })).toEqual(expected);
});

const stored = teamOf({ name: "default", agents: [{ id: "x", backend: "demo", model: "demo" }] });
test.each([
	[[demoTeam, autoTeam, stored], stored],
	[[demoTeam, autoTeam], autoTeam],
	[[demoTeam], demoTeam],
	[[], null],
])("the team that is asked without a choice: %#", (teams, expected) => {
	expect(defaultTeam(teams)).toBe(expected);
});

test.each<[string, File, unknown]>([
	["a text", new File(["hi"], "a.TXT"), { name: "a.TXT", media_type: "text/plain", data: "aGk=" }],
	["what is no text or picture", new File(["x"], "a.exe"), "a.exe: only pictures, PDF and text can be sent."],
	["what has no ending", new File(["x"], "png"), "png: only pictures, PDF and text can be sent."],
	["nothing", new File([], "a.md"), "a.md is empty."],
	["too much", new File([new Uint8Array(fileBytesMax + 1)], "a.md"), "a.md is larger than 2 MB."],
])("a file is taken, or it is said why not: %s", async (_, given, expected) => {
	expect(await attachedOf(given)).toEqual(expected);
});

test("a file of the greatest size is taken whole", async () => {
	const taken = await attachedOf(new File([new Uint8Array(fileBytesMax)], "a.png"));
	expect(typeof taken === "string" ? taken : taken.data.length).toBe(Math.ceil(fileBytesMax / 3) * 4);
});
