import { expect, test } from "vitest";
import { evaluatedAtStart } from "../../support/at-start.ts";

/** Bolt and its client are most of a bot's code: who never chats must not wait for it, nor who is only acknowledged. */
test(
	"neither a first request nor an acknowledgement evaluates Bolt; only the work does",
	{ timeout: 60_000 },
	async () => {
		const entries = [
			"src/worker.ts",
			"bots/slack/receive.ts",
			"bots/slack/deliver.ts",
			"bots/slack/work.ts",
		] as const;
		const found = await evaluatedAtStart(entries);
		const packages = (entry: (typeof entries)[number]) =>
			[
				...new Set(
					found[entry].inputs.flatMap(
						(path) => /node_modules\/(@slack\/[^/]+|express|undici)\//.exec(path)?.[1] ?? [],
					),
				),
			].toSorted();
		expect(entries.map((entry) => [entry, packages(entry)])).toEqual([
			["src/worker.ts", []],
			["bots/slack/receive.ts", []],
			["bots/slack/deliver.ts", ["@slack/logger", "@slack/types", "@slack/web-api"]],
			["bots/slack/work.ts", ["@slack/bolt", "@slack/logger", "@slack/types", "@slack/web-api"]],
		]);
	},
);
