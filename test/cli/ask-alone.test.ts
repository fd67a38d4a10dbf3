import { rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { ask } from "../support/ask.ts";
import { member, newAnswer } from "../support/members.ts";
import { openStage } from "../support/server.ts";

/** Questions without a server: `ask` brings one along. */

const gold = "Gold, which does not rust.";
const tin = "Tin: it melts on any stove.";

let stage: Awaited<ReturnType<typeof openStage>>;
beforeAll(async () => void (stage = await openStage()));
afterAll(() => stage.close());

describe("with a server of its own", () => {
	test.concurrent("no key, no account: the demo team computes", async () => {
		const command = ["npm", "run", "--silent", "ask", "--"];
		const { code, stdout } = await ask(["What is 6 times 7?", "--team", "demo"], { command });
		expect([code, stdout]).toEqual([0, expect.stringMatching(/\b42\b/)]);
	});

	test("settings come from .dev.vars, and the environment wins", async () => {
		const { ANTHROPIC_API_KEY, ...rest } = stage.fake.settings;
		stage.plays("claude-opus-5", member({ answers: gold, votesFor: [gold] }));
		const before = stage.fake.requests.length;
		const file = join(inject("checkout"), ".dev.vars");
		await writeFile(file, `ANTHROPIC_API_KEY=from-the-file\nANTHROPIC_BASE_URL=${rest["ANTHROPIC_BASE_URL"]}\n`);
		const fromFile = await ask(["Which metal?"]);
		const fromEnvironment = await ask(["Which metal?"], {
			environment: { ANTHROPIC_API_KEY: ANTHROPIC_API_KEY ?? "" },
		});
		await rm(file);
		expect([fromFile, fromEnvironment].map(({ code, stdout }) => [code, stdout])).toEqual([
			[0, `${gold}\n`],
			[0, `${gold}\n`],
		]);
		const keys = stage.fake.requests
			.slice(before)
			.filter(({ body }) => body["model"] === "claude-opus-5")
			.map(({ headers }) => headers["x-api-key"]);
		expect(keys).toEqual(["from-the-file", "fake-anthropic-key"]);
	});

	test.concurrent("a local model server is found and offered, and --team local asks it", async () => {
		stage.plays("gemma-3-4b", () => [newAnswer(gold)]);
		const studio = await lmStudio(stage.fake.url, ["gemma-3-4b"]);
		const { code, stdout, stderr } = await ask(["Which metal?", "--team", "local"], {
			environment: { ...nowhere, LMSTUDIO_BASE_URL: studio.url },
		});
		await studio.close();
		expect([code, stdout]).toEqual([0, `${gold}\n`]);
		expect(stderr.split("\n").slice(0, 2)).toEqual([
			"A local model server answers: lmstudio (gemma-3-4b). Ask it with --team local.",
			"team local: a = lmstudio/gemma-3-4b",
		]);
	});
});

describe("the examples", () => {
	test.concurrent("demo-quick", async () => {
		const { code, stdout } = await ask([
			"How many days are there from 2024-02-28 to 2024-03-01?",
			"--team",
			"@examples/demo-quick",
		]);
		expect([code, stdout]).toEqual([0, expect.stringMatching(/\b2\b/)]);
	});

	test.concurrent("trio, with the fakes for its three providers", async () => {
		const both = `${gold} ${tin}`;
		for (const [model, answers] of [
			["claude-opus-5", gold],
			["gpt-5.5", tin],
			["gemini-3.1-pro-preview", "Lead, if it may be heavy."],
		] as const)
			stage.plays(model, member({ answers, votesFor: [gold], presents: both }));
		const { code, stdout, stderr } = await ask(["Which metal?", "--team", "@examples/trio"], {
			environment: stage.fake.settings,
		});
		expect([code, stdout]).toEqual([0, `${both}\n`]);
		expect(stderr.split("\n")[0]).toBe(
			"team trio: a = anthropic/claude-opus-5, b = openai/gpt-5.5, c = gemini/gemini-3.1-pro-preview",
		);
	});

	test.concurrent("local, with a fake LM Studio", async () => {
		stage.plays("qwen3-8b", () => [newAnswer(tin)]);
		const studio = await lmStudio(stage.fake.url, ["qwen3-8b"]);
		const { code, stdout } = await ask(["Which metal?", "--team", "@examples/local"], {
			environment: { ...nowhere, LMSTUDIO_BASE_URL: studio.url },
		});
		await studio.close();
		expect([code, stdout]).toEqual([0, `${tin}\n`]);
	});
});

/** Model servers that a developer may really run must not answer in a test. */
const nowhere = Object.fromEntries(
	["OLLAMA", "VLLM", "SGLANG", "LLAMACPP", "LMSTUDIO"].map((name) => [`${name}_BASE_URL`, "http://127.0.0.1:9/v1"]),
);

/** A server that lists its models as LM Studio does and leaves the talking to the fakes. */
async function lmStudio(
	fakes: string,
	models: readonly string[],
): Promise<{ readonly url: string; readonly close: () => Promise<void> }> {
	const studio = createServer((request, response) => {
		if (request.url === "/v1/models")
			return void response.end(
				JSON.stringify({ object: "list", data: models.map((id) => ({ id, object: "model" })) }),
			);
		void forwarded(`${fakes}${request.url}`, request).then(async (answer) => {
			response.writeHead(answer.status, { "content-type": answer.headers.get("content-type") ?? "" });
			for await (const chunk of answer.body ?? []) response.write(chunk);
			response.end();
		});
	});
	await new Promise<void>((listening) => studio.listen(0, "127.0.0.1", listening));
	const { port } = studio.address() as AddressInfo;
	return {
		url: `http://127.0.0.1:${port}/v1`,
		close: () => new Promise((closed) => void studio.close(() => closed())),
	};
}

async function forwarded(url: string, request: AsyncIterable<Buffer>): Promise<Response> {
	let body = "";
	for await (const piece of request) body += piece.toString();
	return fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body });
}
