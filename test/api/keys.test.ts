import { expect, test } from "vitest";
import type { AppDeps } from "../../src/api/deps.ts";
import { makeBackends } from "../../src/backends/backends.ts";
import { makeKeyring } from "../../src/backends/keyring.ts";
import { tried } from "../../src/backends/tried.ts";
import { makeSeal } from "../../src/std/seal.ts";
import { builtInTeams } from "../../src/api/built-in-teams.ts";
import { memoryTenant } from "../support/memory-objects.ts";
import { type Api, badInput, makeApi, refusedWith, send, startMs } from "../support/api.ts";

const key = "sk-a-key-that-nobody-may-see";
const put = (body: unknown) => ({ method: "PUT", body });

/** The API over the real table of hosts and a keyring of its own; a second one on the same tenant is another isolate. */
function keyed(settings: Readonly<Record<string, string>> = {}, change: Partial<AppDeps> = {}) {
	const tenant = change.tenant?.() ?? memoryTenant({ nowMs: startMs });
	const seal = makeSeal(crypto, { a: settings["ADMIN_KEY"] ?? "admin" });
	if (seal === null) throw new Error("a key was given");
	const ring = makeKeyring(settings, { read: tenant.sealedKeys, ...seal });
	const made = makeBackends(ring.settings, { fetch: refusing, now: () => 0 });
	const backends = { ...made, priced: () => true, serverTools: [] };
	const api = makeApi({
		...change,
		tenant: () => tenant,
		keys: ring,
		backends,
		tried: (spec) => tried(made, spec, { now: () => 0 }),
		builtInTeams: () => builtInTeams(backends, { demoModels: ["m"], local: [] }).slice(1),
	});
	return { api, tenant, ring };
}

const refusing: typeof fetch = async (_, init) => {
	const sent = new Headers(init?.headers).get("authorization") ?? "";
	return Response.json({ error: { message: `Incorrect API key provided: ${sent.slice(7)}` } }, { status: 401 });
};

async function row(api: Api, name: string) {
	const { body } = await send(api, "/v1/backends");
	const found = (body as { backends: { name: string; ready: boolean; why: string; key: string }[] }).backends;
	return found.filter((each) => each.name === name).map(({ ready, why, key: source }) => [ready, why, source])[0];
}

test("a key is stored sealed, makes its backend ready, is shown nowhere, and is forgotten", async () => {
	const { api, tenant } = keyed();
	const answers = [
		await send(api, "/v1/backends/openai/key", put({ key: ` ${key}\n`, base_url: "https://proxy.example/v1" })),
		await send(api, "/v1/backends"),
		await send(api, "/v1/teams"),
	];
	const { keys } = await tenant.sealedKeys();
	expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
	expect(JSON.stringify([answers, keys])).not.toMatch(/sk-a-key|proxy\.example/);
	expect([await row(api, "openai"), await row(api, "xai")]).toEqual([
		[true, null, "stored"],
		[false, "xai needs a key: set XAI_API_KEY", "none"],
	]);
	const gone = { status: 204, body: "" };
	expect(await send(api, "/v1/backends/openai/key", { method: "DELETE" })).toEqual(gone);
	expect(await row(api, "openai")).toEqual([false, "openai needs a key: set OPENAI_API_KEY", "none"]);
	expect(await send(api, "/v1/backends/openai/key", { method: "DELETE" })).toEqual(
		refusedWith(404, "No key is stored for `openai`."),
	);
});

test("the answer to a stored key is its backend's row", async () => {
	const { api } = keyed();
	const stored = await send(api, "/v1/backends/openai/key", put({ key }));
	const { body } = await send(api, "/v1/backends");
	const rows = (body as { backends: { name: string }[] }).backends;
	expect(stored).toEqual({ status: 200, body: rows.find(({ name }) => name === "openai") });
});

const agents = [{ id: "a", backend: "openai", model: "m" }];
test.each<[string, (api: Api) => ReturnType<typeof send>, number]>([
	["asks an inline team", (api) => send(api, "/v1/sessions", { body: { question: "?", team: { agents } } }), 202],
	["asks the team auto", (api) => send(api, "/v1/sessions", { body: { question: "?", team: "auto" } }), 202],
	["asks no team by name", (api) => send(api, "/v1/sessions", { body: { question: "?" } }), 202],
	["stores a team", (api) => send(api, "/v1/teams/t", put({ agents })), 200],
	["looks at the team auto", (api) => send(api, "/v1/teams/auto"), 200],
])("a key that was stored elsewhere a moment ago counts for who %s", async (_, act, status) => {
	const { api, tenant } = keyed();
	const elsewhere = keyed({}, { tenant: () => tenant });
	await send(elsewhere.api, "/v1/backends/openai/key", put({ key }));
	expect((await act(api)).status).toBe(status);
});

test("a session is told which keys are stored, when it is opened and with each message", async () => {
	const { api } = keyed();
	const told = () => api.sessions.opened().map(({ keys }) => keys);
	await send(api, "/v1/backends/openai/key", put({ key }));
	await send(api, "/v1/sessions", { body: { question: "?" } });
	expect(told()).toEqual([1]);
	await send(api, "/v1/backends/openai/key", put({ key: "another" }));
	await send(api, "/v1/sessions/s1/turns", { body: { message: "And?" } });
	expect(told()).toEqual([2]);
});

test("a session of a tenant that never stored a key is told nothing", async () => {
	const { api } = keyed({ OPENAI_API_KEY: "set" });
	await send(api, "/v1/sessions", { body: { question: "?" } });
	expect(api.sessions.opened().map((asked) => "keys" in asked)).toEqual([false]);
});

test("a key that cannot be opened any more is to be stored again", async () => {
	const { api, tenant } = keyed();
	await send(api, "/v1/backends/openai/key", put({ key }));
	const later = keyed({ ADMIN_KEY: "another" }, { tenant: () => tenant });
	expect(await row(later.api, "openai")).toEqual([
		false,
		"the key that was stored for it cannot be read any more, since VAULT_KEY or ADMIN_KEY has changed: store it again",
		"none",
	]);
});

const reach = "must be an address that everybody can reach";
const hosted = { publicUrl: "https://massgen.example" };
test.each<[string, string, unknown, Partial<AppDeps>, object]>([
	["no key", "openai", {}, {}, badInput({ path: "key", message: "is required" })],
	["an empty key", "openai", { key: " " }, {}, badInput({ path: "key", message: "must not be empty" })],
	[
		"a key with a space",
		"openai",
		{ key: "a b" },
		{},
		badInput({ path: "key", message: "must be printable ASCII without spaces" }),
	],
	[
		"a long key",
		"openai",
		{ key: "x".repeat(4097) },
		{},
		badInput({ path: "key", message: "must be at most 4096 characters" }),
	],
	["an unknown field", "openai", { key, url: "" }, {}, badInput({ path: "url", message: "unknown key" })],
	[
		"a private address",
		"openai",
		{ key, base_url: "https://10.0.0.1/" },
		hosted,
		badInput({ path: "base_url", message: reach }),
	],
	[
		"an address of this machine",
		"openai",
		{ key, base_url: "http://localhost:1/" },
		hosted,
		badInput({ path: "base_url", message: reach }),
	],
	[
		"an address in plain text",
		"openai",
		{ key, base_url: "http://proxy.example" },
		{},
		badInput({ path: "base_url", message: "must start with https://" }),
	],
	[
		"no address where it is needed",
		"azure-openai",
		{ key },
		{},
		badInput({ path: "base_url", message: "is required: this backend has no address of its own" }),
	],
	[
		"an unknown backend",
		"opnai",
		{ key },
		{},
		refusedWith(404, "There is no backend `opnai`. Did you mean `openai`?"),
	],
	[
		"an unknown backend like no other",
		"x",
		{ key },
		{},
		refusedWith(404, "There is no backend `x`. GET /v1/backends lists what there is."),
	],
])("refused: %s", async (_, name, body, change, expected) => {
	const { api, tenant } = keyed({}, change);
	expect(await send(api, `/v1/backends/${name}/key`, put(body))).toEqual(expected);
	expect(await tenant.sealedKeys()).toEqual({ version: 0, keys: [] });
});

test.each<[string, unknown, Partial<AppDeps>]>([
	["a key as long as may be", { key: "x".repeat(4096) }, hosted],
	["an address of this machine on this machine", { key, base_url: "http://localhost:1/" }, {}],
	["no address, said so", { key, base_url: null }, hosted],
])("taken: %s", async (_, body, change) => {
	expect((await send(keyed({}, change).api, "/v1/backends/openai/key", put(body))).status).toBe(200);
});

test("no address is stored where a setting says another: the key would not be sent there", async () => {
	const { api, tenant } = keyed({ OPENAI_BASE_URL: "https://set.example/v1" });
	const elsewhere = { key, base_url: "https://proxy.example/v1" };
	const message = "is what a setting of this deployment says, which goes first: leave it out";
	expect(await send(api, "/v1/backends/openai/key", put(elsewhere))).toEqual(badInput({ path: "base_url", message }));
	expect(await tenant.sealedKeys()).toEqual({ version: 0, keys: [] });
	expect((await send(api, "/v1/backends/openai/key", put({ key }))).status).toBe(200);
});

test("no key is stored where a setting holds one, nor for what needs none", async () => {
	const { api } = keyed({ OPENAI_API_KEY: "set" });
	expect(await send(api, "/v1/backends/openai/key", put({ key }))).toEqual(
		refusedWith(409, "A setting of this deployment holds the key of `openai`, and goes first. Remove it there."),
	);
	const demo = makeApi();
	const about = () => ({ defaultModel: "m", host: null });
	const own = makeApi({ backends: { ...demo.deps.backends, about } });
	expect(await send(own, "/v1/backends/demo/key", put({ key }))).toEqual(refusedWith(409, "`demo` needs no key."));
});

test("a key is tried by a small call, whose failure is told without the key", async () => {
	const { api } = keyed();
	const tryIt = (body?: unknown) =>
		send(api, "/v1/backends/openai/test", { method: "POST", ...(body ? { body } : {}) });
	const answer = (detail: string, model = "gpt-5.5") => ({
		status: 200,
		body: { ok: false, latency_ms: 0, model, detail },
	});
	expect(await tryIt()).toEqual(answer("openai needs a key: set OPENAI_API_KEY"));
	await send(api, "/v1/backends/openai/key", put({ key }));
	expect(await tryIt({ model: "gpt-x" })).toEqual(answer("auth: Incorrect API key provided: [redacted]", "gpt-x"));
	expect(await tryIt({ modle: "x" })).toEqual(
		badInput({ path: "modle", message: "unknown key; did you mean `model`?" }),
	);
	expect(await send(api, "/v1/backends/x/test", { method: "POST" })).toEqual(
		refusedWith(404, "There is no backend `x`. GET /v1/backends lists what there is."),
	);
});
