import { expect, test } from "vitest";
import { assert, InvariantError, unreachable } from "../../src/std/assert.ts";

test("an invariant that holds is silent", () => {
	expect(assert(true, "one is one")).toBe(undefined);
});

test("an invariant that does not hold stops us, by its name", () => {
	expect(() => assert(false, "one is two")).toThrow(new InvariantError("one is two"));
});

test("a case that cannot be says what it was", () => {
	expect(() => unreachable({ type: "vote.sold" } as never)).toThrow(
		new InvariantError('unreachable: {"type":"vote.sold"}'),
	);
});
