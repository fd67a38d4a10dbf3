import { expect, test } from "vitest";
import type { ModelEvent } from "../../src/backends/backend.ts";
import { makeBackends } from "../../src/backends/backends.ts";
import { makeKeyring, type SealedKeys, type StoredKey, type AddressSource } from "../../src/backends/keyring.ts";
import type { Settings } from "../../src/backends/hosts.ts";
import { whereReady } from "../../src/backends/ready.ts";

/** What is stored, which a test changes; sealed by writing its name before it. */
function stored(settings: Settings, keys: Readonly<Record<string, StoredKey | string>> = {}) {
	let version = 1;
	let reads = 0;
	let held = keys;
	const ring = makeKeyring(settings, {
		read: async (): Promise<SealedKeys> => {
			reads += 1;
			const rows = Object.entries(held).map(([backend, key]) => ({
				backend,
				sealed: typeof key === "string" ? key : `backend:${backend}=${JSON.stringify(key)}`,
			}));
			return { version, keys: rows };
		},
		seal: async (name, secret) => `${name}=${secret}`,
		open: async (name, sealed) => (sealed.startsWith(`${name}=`) ? sealed.slice(name.length + 1) : null),
	});
	const change = (next: typeof keys) => {
		version += 1;
		held = next;
	};
	return { ring, change, reads: () => reads };
}

const own = { key: "stored", base_url: null };
const elsewhere = { key: "stored", base_url: "https://proxy.example/v1" };

test.each<[string, Settings, Record<string, StoredKey | string>, Settings]>([
	["a stored key is a setting", {}, { openai: own }, { OPENAI_API_KEY: "stored" }],
	[
		"with its address",
		{},
		{ openai: elsewhere },
		{ OPENAI_API_KEY: "stored", OPENAI_BASE_URL: "https://proxy.example/v1" },
	],
	["a key of the settings goes first", { OPENAI_API_KEY: "set" }, { openai: own }, { OPENAI_API_KEY: "set" }],
	[
		"and is never sent to an address that was stored",
		{ OPENAI_API_KEY: "set" },
		{ openai: elsewhere },
		{ OPENAI_API_KEY: "set" },
	],
	["by whatever name it is set", { GOOGLE_API_KEY: "set" }, { gemini: elsewhere }, { GOOGLE_API_KEY: "set" }],
	[
		"an address of the settings goes first too",
		{ OPENAI_BASE_URL: "https://set.example" },
		{ openai: elsewhere },
		{ OPENAI_API_KEY: "stored", OPENAI_BASE_URL: "https://set.example" },
	],
	["a key that was sealed for another backend is none", {}, { openai: 'backend:xai={"key":"k"}' }, {}],
	["nor is one that holds no key", {}, { openai: "backend:openai=[]", xai: 'backend:xai={"key":7}' }, {}],
])("%s", async (_, settings, keys, expected) => {
	const { ring } = stored(settings, keys);
	expect(ring.settings).toEqual(settings);
	await ring.refreshed();
	expect(ring.settings).toEqual(expected);
});

test("where a key comes from is known", async () => {
	const { ring, change } = stored({ XAI_API_KEY: "set" }, { openai: own, xai: own, groq: "garbled" });
	const sources = () => ["xai", "openai", "groq", "anthropic", "demo"].map(ring.source);
	expect(sources()).toEqual(["setting", "none", "none", "none", "none"]);
	await ring.refreshed();
	expect(sources()).toEqual(["setting", "stored", "unreadable", "none", "none"]);
	change({});
	await ring.refreshed();
	expect(sources()).toEqual(["setting", "none", "none", "none", "none"]);
});

test("what is known in this version is not read again", async () => {
	const { ring, change, reads } = stored({}, { openai: own });
	for (const version of [1, 1, 0]) await ring.knows(version);
	expect(reads()).toBe(1);
	change({ xai: own });
	await ring.knows(2);
	expect([reads(), ring.settings]).toEqual([2, { XAI_API_KEY: "stored" }]);
});

test("what was read earlier does not replace what was read later", async () => {
	const answers: ((keys: SealedKeys) => void)[] = [];
	const read = () => new Promise<SealedKeys>((resolve) => answers.push(resolve));
	const ring = makeKeyring({}, { read, seal: async () => "", open: async (_, sealed) => sealed });
	const reading = [ring.refreshed(), ring.refreshed()];
	answers[1]?.({ version: 2, keys: [{ backend: "openai", sealed: '{"key":"new"}' }] });
	await reading[1];
	answers[0]?.({ version: 1, keys: [{ backend: "openai", sealed: '{"key":"old"}' }] });
	await reading[0];
	expect(ring.settings).toEqual({ OPENAI_API_KEY: "new" });
});

test("a key is sealed under the name of its backend", async () => {
	expect(await stored({}).ring.sealed("openai", own)).toBe('backend:openai={"key":"stored","base_url":null}');
});

test.each<[string, Settings, AddressSource]>([
	["openai", {}, "host"],
	["openai", { OPENAI_BASE_URL: "https://set.example" }, "setting"],
	["lmstudio", {}, "host"],
	["azure-openai", {}, "none"],
	["azure-openai", { AZURE_OPENAI_BASE_URL: "https://set.example" }, "setting"],
	["openai-chat", {}, "none"],
	["nobody", {}, "none"],
])("who says where %s is (%j): %s", (backend, settings, expected) => {
	expect(stored(settings).ring.address(backend)).toBe(expected);
});

test("backends are ready as soon as a key is stored, and fail in words once it is gone", async () => {
	const { ring, change } = stored({}, { openai: own });
	const backends = whereReady(makeBackends(ring.settings, { fetch, now: () => 0 }));
	const spec = { backend: "openai", model: "m", params: {} };
	const lack = { path: "backend", message: "openai needs a key: set OPENAI_API_KEY" };
	expect([backends.problem(spec), backends.keyed()]).toEqual([lack, []]);
	await ring.refreshed();
	expect([backends.problem(spec), backends.keyed().map(({ backend }) => backend)]).toEqual([null, ["openai"]]);
	change({});
	await ring.refreshed();
	backends.giveUp(spec, "handle");
	const events: ModelEvent[] = [];
	for await (const batch of backends.open(spec)({} as never, new AbortController().signal)) events.push(...batch);
	const failure = { code: "auth", retryable: false, retryAfterMs: null, message: lack.message };
	expect([backends.resume(spec), events]).toEqual([
		null,
		[
			{ type: "failed", failure },
			{ type: "end", stop: "error" },
		],
	]);
});
