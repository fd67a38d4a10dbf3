import { expect, test } from "vitest";
import { cacheLine } from "../../src/cli/cache-line.ts";

test.each<[title: string, share: number | null, saved: number | null, line: string | null]>([
	["nothing was counted", null, 0, null],
	["no cache helped", 0, -0.01, null],
	["share and money", 0.714, 0.01234, "71 % of the input came from caches, which saved $0.0123"],
	["the price is unknown", 0.5, null, "50 % of the input came from caches"],
	["writing cost more than reading saved", 0.1, -0.01, "10 % of the input came from caches"],
	["the least that is told", 0.5, 0.0001, "50 % of the input came from caches, which saved $0.0001"],
	["less than that", 0.5, 0.000_099, "50 % of the input came from caches"],
])("%s", (_, share, saved, line) => {
	expect(cacheLine({ share, saved_usd: saved })).toBe(line);
});
