import { expect, test } from "vitest";
import { settingsOf } from "../../src/env.ts";

test.each<[string, Record<string, unknown>, Record<string, string>]>([
	[
		"what is known and set",
		{ OPENAI_API_KEY: "k", PUBLIC_URL: "https://host" },
		{ OPENAI_API_KEY: "k", PUBLIC_URL: "https://host" },
	],
	["without the line end of a pasted key", { ADMIN_KEY: " k\n" }, { ADMIN_KEY: "k" }],
	["nothing empty", { ADMIN_KEY: "", XAI_API_KEY: "  " }, {}],
	["nothing unknown, no bindings", { SESSION: {}, HOME: "/", GROQ_API_KEY: 5 }, {}],
])("settings are %s", (_, env, settings) => {
	expect(settingsOf(env)).toEqual(settings);
});
