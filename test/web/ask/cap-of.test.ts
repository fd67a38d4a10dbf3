import { expect, test } from "vitest";
import { capOf } from "../../../src/web/shell/cap-of.ts";

test.each([
	["", null],
	["  ", null],
	["0.5", 0.5],
	["$2", 2],
	["0,25", 0.25],
	["much", undefined],
	["0", undefined],
	["-1", undefined],
	["1e999", undefined],
	["1,000,000", undefined],
])("%j as a cap is %j", (text, cap) => {
	expect(capOf(text)).toBe(cap);
});
