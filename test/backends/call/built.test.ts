import { expect, test } from "vitest";
import { clientsMax, keptClients, once } from "../../../src/backends/call/built.ts";
import { hosts, type Endpoint } from "../../../src/backends/hosts.ts";

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

const { anthropic } = hosts;
const keyless = { name: "anthropic", key: null, wire: anthropic.wire, quirks: anthropic.quirks };

test.each<[string, endpoints: number, made: number]>([
	["as many clients as may be kept are made once", clientsMax, clientsMax],
	["with one more the first is made anew when it is needed", clientsMax + 1, clientsMax + 2],
])("%s", (_, endpoints, made) => {
	const asked: string[] = [];
	const clientOf = keptClients(({ baseUrl }) => asked.push(baseUrl));
	const at = (n: number): Endpoint => ({ ...keyless, baseUrl: `https://${n}.invalid` });
	for (let n = 1; n <= endpoints; n++) clientOf(at(n));
	clientOf(at(1));
	expect(asked.length).toBe(made);
});
