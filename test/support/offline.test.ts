import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { forgetKeys, isLoopback } from "./offline.ts";

test("keys, tokens and addresses of providers are forgotten, everything else stays", () => {
	const env = {
		OPENAI_API_KEY: "1",
		GEMINI_BASE_URL: "2",
		SLACK_SIGNING_SECRET: "3",
		DISCORD_PUBLIC_KEY: "4",
		ADMIN_KEY: "5",
		MASSGEN_URL: "6",
		PATH: "kept",
		PORT: "kept",
	};
	forgetKeys(env);
	expect(env).toEqual({ PATH: "kept", PORT: "kept" });
});

test.each<[string, boolean]>([
	["127.0.0.1", true],
	["localhost", true],
	["[::1]", true],
	["api.openai.com", false],
	["127.0.0.1.example.com", false],
	["10.0.0.1", false],
])("%s is loopback: %s", (host, expected) => {
	expect(isLoopback(host)).toBe(expected);
});

test.each(["http://192.0.2.1/", "https://example.com/"])("a test cannot reach %s", async (url) => {
	const reason = await fetch(url).then(
		() => "reached",
		(error: Error) => String(error.cause),
	);
	expect(reason).toBe(`Error: a test tried to reach ${new URL(url).hostname}: only loopback may be contacted`);
});

test("a test can reach a server of its own", async () => {
	const server = createServer((_, response) => response.end("hello"));
	await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
	const { port } = server.address() as AddressInfo;
	const said = await (await fetch(`http://127.0.0.1:${port}/`)).text();
	server.close();
	expect(said).toBe("hello");
});
