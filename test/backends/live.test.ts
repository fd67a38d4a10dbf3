import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";

const usage = "usage: npm run --silent live -- --backend NAME [--model M]; README.md lists the backends\n";

test.each<[string, readonly string[]]>([
	["no backend", []],
	["a backend that is none", ["--backend", "nope"]],
	["an unknown option", ["--backend", "openai", "--bogus"]],
	["more than options", ["--backend", "openai", "why?"]],
	["an option without its value", ["--backend"]],
])("a live question with %s is bad usage: exit 64", (_, words) => {
	const { status, stdout, stderr } = spawnSync("node", ["test/support/live.ts", ...words], {
		encoding: "utf8",
	});
	expect([status, stdout, stderr]).toEqual([64, "", usage]);
});
