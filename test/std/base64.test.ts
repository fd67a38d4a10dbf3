import { expect, test } from "vitest";
import { bytesIn, decodedBytes } from "../../src/std/base64.ts";

test.each<[string, string, number | null]>([
	["nothing", "", 0],
	["one byte", "QQ==", 1],
	["two bytes", "QUI=", 2],
	["three bytes", "QUJD", 3],
	["digits that are no letters", "+/8=", 2],
	["no padding", "QQ", null],
	["too little padding", "QQ=", null],
	["too much padding", "QUJD====", null],
	["padding in the middle", "QQ==QUJD", null],
	["padding alone", "====", null],
	["bits that no byte takes, before two signs of padding", "QR==", null],
	["bits that no byte takes, before one", "QUJ=", null],
	["the digits of base64url", "-_8=", null],
	["a line break", "QUJD\nQUJD", null],
	["a space before it", " QUJD", null],
	["another script's letter", "QUJД", null],
])("base64 of %s", (_, text, bytes) => {
	expect(decodedBytes(text)).toBe(bytes);
});

test("megabytes are counted as well, and one wrong digit among them is found", () => {
	const text = "QUJD".repeat(2_000_000);
	expect([decodedBytes(text), decodedBytes(`${text.slice(0, -4)}QU!D`)]).toEqual([6_000_000, null]);
});

test("what is decoded is every byte", () => {
	const all = Uint8Array.from({ length: 256 }, (_, byte) => byte);
	expect(bytesIn(Buffer.from(all).toString("base64"))).toEqual(all);
});
