import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { findLocalServers, offerOf } from "../../src/cli/local-servers.ts";

/** Nobody of a developer's own may answer. */
const nowhere = Object.fromEntries(
	["OLLAMA", "VLLM", "SGLANG", "LLAMACPP", "LMSTUDIO"].map((name) => [`${name}_BASE_URL`, "http://127.0.0.1:9/v1"]),
);
const listing = (...ids: readonly string[]) =>
	JSON.stringify({ object: "list", data: ids.map((id) => ({ id, object: "model" })) });

type Answer = { readonly status?: number; readonly body?: string; readonly location?: string; readonly silent?: true };

/** Who is found when LM Studio's place answers like this. */
async function foundAt({ status = 200, body = "", location, silent }: Answer, path = "/v1"): Promise<unknown> {
	const paths: string[] = [];
	const server = createServer((request, response) => {
		paths.push(request.url ?? "");
		if (silent) return;
		response.writeHead(status, location === undefined ? {} : { location }).end(body);
	});
	await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
	const { port } = server.address() as AddressInfo;
	const found = await findLocalServers({ ...nowhere, LMSTUDIO_BASE_URL: `http://127.0.0.1:${port}${path}` });
	server.closeAllConnections();
	server.close();
	return [found, paths];
}

const asked = ["/v1/models"];
const many = Array.from({ length: 51 }, (_, i) => `m${i}`);

test.each<[string, Answer, unknown]>([
	[
		"one that lists its models",
		{ body: listing("qwen3-8b", "gemma") },
		[{ backend: "lmstudio", models: ["qwen3-8b", "gemma"] }],
	],
	["at most fifty models of it", { body: listing(...many) }, [{ backend: "lmstudio", models: many.slice(0, 50) }]],
	["none that has no model loaded", { body: listing() }, []],
	["none where something else answers", { body: "<html>hello</html>" }, []],
	["none whose list is none", { body: '{"data":{"id":"x"}}' }, []],
	[
		"only models with a name",
		{ body: '{"data":[{"id":7},null,{"id":"qwen3-8b"}]}' },
		[{ backend: "lmstudio", models: ["qwen3-8b"] }],
	],
	["none that wants a key", { status: 401, body: listing("x") }, []],
	["none that sends us elsewhere", { status: 302, location: "http://127.0.0.1:9/" }, []],
	["none that does not answer soon", { silent: true }, []],
])("of local model servers it finds %s", async (_, answer, expected) => {
	expect(await foundAt(answer)).toEqual([expected, asked]);
});

test("a base URL may end in slashes", async () => {
	expect(await foundAt({ body: listing("qwen3-8b") }, "/v1//")).toEqual([
		[{ backend: "lmstudio", models: ["qwen3-8b"] }],
		asked,
	]);
});

test("a person is told of them, three models each, or of nothing", () => {
	expect([
		offerOf([]),
		offerOf([
			{ backend: "lmstudio", models: ["a", "b", "c", "d"] },
			{ backend: "ollama", models: ["e"] },
		]),
	]).toEqual([null, "A local model server answers: lmstudio (a, b, c); ollama (e). Ask it with --team local."]);
});
