import { expect, test } from "vitest";
import { once } from "../../src/backends/built.ts";

/** What each of `calls` calls, one after the other, gets from a `make` that goes as told, and how often it ran. */
async function gotten(outcomes: readonly ("made" | "failed")[], calls: number): Promise<readonly unknown[]> {
	let runs = 0;
	const get = once(async () => {
		runs += 1;
		if (outcomes[runs - 1] === "failed") throw new Error(`failure ${runs}`);
		return `thing ${runs}`;
	});
	const got: string[] = [];
	for (let call = 0; call < calls; call += 1)
		got.push(await get().catch((error: unknown) => (error as Error).message));
	return [got, runs];
}

test.each<[string, readonly ("made" | "failed")[], readonly unknown[]]>([
	["is kept", ["made"], [["thing 1", "thing 1", "thing 1"], 1]],
	["is made again after a failure", ["failed", "made"], [["failure 1", "thing 2", "thing 2"], 2]],
	[
		"is tried at each call until it is there",
		["failed", "failed", "made"],
		[["failure 1", "failure 2", "thing 3"], 3],
	],
])("what is made once %s", async (_, outcomes, expected) => {
	expect(await gotten(outcomes, 3)).toEqual(expected);
});

test("calls at the same time share one making, and its failure", async () => {
	let runs = 0;
	const get = once(async () => {
		runs += 1;
		throw new Error(`failure ${runs}`);
	});
	const said = await Promise.all(
		[get(), get()].map((got) => got.catch((error: unknown) => (error as Error).message)),
	);
	expect([said, runs]).toEqual([["failure 1", "failure 1"], 1]);
});
