import { expect, test } from "vitest";
import { makeSeal, secretCharsMax, type Seal, type SealKeys } from "../../src/std/seal.ts";

const name = "backend:openai";
const secret = "a secret, ключ 🔑";

function sealOf(keys: SealKeys): Seal {
	const seal = makeSeal(crypto, keys);
	if (seal === null) throw new Error("a key was given");
	return seal;
}

test("a secret comes back whole, and its text tells nothing of it", async () => {
	const seal = sealOf({ a: "the admin key" });
	const texts = await Promise.all([seal.seal(name, secret), seal.seal(name, secret)]);
	expect(await Promise.all(texts.map((text) => seal.open(name, text)))).toEqual([secret, secret]);
	expect([texts[0] === texts[1], texts[0]?.includes("secret")]).toEqual([false, false]);
	expect(texts[0]).toMatch(/^v1\.a\.[A-Za-z0-9+/]{16}\.[A-Za-z0-9+/]+=*$/);
});

test("the same keys open it in another machine", async () => {
	const sealed = await sealOf({ v: "vault", a: "admin" }).seal(name, secret);
	expect([sealed.slice(0, 5), await sealOf({ v: "vault", a: "another" }).open(name, sealed)]).toEqual([
		"v1.v.",
		secret,
	]);
});

test("VAULT_KEY set later seals from then on, and what was sealed before can be opened", async () => {
	const before = await sealOf({ a: "admin" }).seal(name, secret);
	const after = sealOf({ v: "vault", a: "admin" });
	expect([await after.open(name, before), (await after.seal(name, "x")).slice(0, 5)]).toEqual([secret, "v1.v."]);
	expect(await sealOf({ v: "vault" }).open(name, before)).toBe(null);
});

const sealed = await sealOf({ a: "admin" }).seal(name, secret);
const [, , iv = "", text = ""] = sealed.split(".");
const flipped = (base64: string) => (base64.startsWith("A") ? "B" : "A") + base64.slice(1);
test.each<[string, SealKeys, string, string]>([
	["with another key", { a: "admin2" }, name, sealed],
	["with the same key as another setting", { v: "admin" }, name, sealed],
	["marked as of another setting", { v: "admin", a: "admin" }, name, sealed.replace("v1.a", "v1.v")],
	["under another name", { a: "admin" }, "backend:anthropic", sealed],
	["of another version", { a: "admin" }, name, sealed.replace("v1", "v2")],
	["with a bit changed", { a: "admin" }, name, `v1.a.${iv}.${flipped(text)}`],
	["with another start", { a: "admin" }, name, `v1.a.${flipped(iv)}.${text}`],
	["cut short", { a: "admin" }, name, `v1.a.${iv}.${text.slice(0, 20)}`],
	["with a start that is too long", { a: "admin" }, name, `v1.a.${iv}AAAA.${text}`],
	["that is no base64", { a: "admin" }, name, `v1.a.${iv}.?${text.slice(1)}`],
	["with more behind it", { a: "admin" }, name, `${sealed}.more`],
	["that is empty", { a: "admin" }, name, ""],
	["that is the secret itself", { a: "admin" }, name, secret],
])("a text %s is not opened", async (_, keys, under, given) => {
	expect(await sealOf(keys).open(under, given)).toBe(null);
});

test("without a key there is no seal", () => {
	expect([makeSeal(crypto, {}), makeSeal(crypto, { v: "", a: undefined })]).toEqual([null, null]);
});

test("a secret has a length", async () => {
	const seal = sealOf({ a: "admin" });
	const longest = "x".repeat(secretCharsMax);
	expect(await seal.open(name, await seal.seal(name, longest))).toBe(longest);
	await expect(seal.seal(name, `${longest}x`)).rejects.toThrow("a secret has at most 16384 characters");
});
