import { expect, test } from "vitest";
import type { TenantRpc } from "../../durable-objects/rpc.ts";
import { routes, sharedRoutes } from "../../src/api/app.ts";
import { openApi } from "../../src/api/openapi.ts";
import { type Sent, apiKey, makeApi, refusedWith, send, sendRaw } from "../support/api.ts";

const keyMissing =
	"ADMIN_KEY is not set, so only /healthz is served. Set it with `npx wrangler secret put ADMIN_KEY`, or as a line ADMIN_KEY=... in .dev.vars, and send it as `Authorization: Bearer <key>`.";
const keyAbsent = "Send the key as `Authorization: Bearer <key>`; it is the ADMIN_KEY of this server.";
const keyWrong = "The key is not the one this server was given as ADMIN_KEY.";

test.each<[string, string, string | null]>([
	["nothing", "", 'Bearer realm="massgen"'],
	["another scheme", `Basic ${apiKey}`, 'Bearer realm="massgen"'],
	["no key after the scheme", "Bearer ", 'Bearer realm="massgen"'],
	["two keys", `Bearer ${apiKey} ${apiKey}`, 'Bearer realm="massgen"'],
	["another key", "Bearer another", 'Bearer realm="massgen", error="invalid_token"'],
	["the key and more", `Bearer ${apiKey}x`, 'Bearer realm="massgen", error="invalid_token"'],
	["the key cut short", `Bearer ${apiKey.slice(0, -1)}`, 'Bearer realm="massgen", error="invalid_token"'],
	["the key", `Bearer ${apiKey}`, null],
	["the key after a scheme in small letters", `bearer ${apiKey}`, null],
])("authorization with %s", async (_, authorization, challenge) => {
	const response = await sendRaw(makeApi(), "/v1/sessions", { headers: { authorization } });
	expect([response.status, response.headers.get("www-authenticate")]).toEqual([
		challenge === null ? 200 : 401,
		challenge,
	]);
});

test.each<[string, string | null, string, Sent, object]>([
	["without ADMIN_KEY nothing is served", null, "/v1/sessions", {}, refusedWith(503, keyMissing)],
	["without ADMIN_KEY not even 404", null, "/nothing", {}, refusedWith(503, keyMissing)],
	[
		"an empty ADMIN_KEY is none",
		"",
		"/v1/sessions",
		{ headers: { authorization: "Bearer " } },
		refusedWith(503, keyMissing),
	],
	[
		"without ADMIN_KEY the server still says that it lives",
		null,
		"/healthz",
		{},
		{ status: 200, body: { ok: true, version: "1.2.3" } },
	],
	[
		"healthz needs no key",
		apiKey,
		"/healthz",
		{ headers: { authorization: "" } },
		{ status: 200, body: { ok: true, version: "1.2.3" } },
	],
	[
		"an absent key says where it comes from",
		apiKey,
		"/v1/teams",
		{ headers: { authorization: "" } },
		refusedWith(401, keyAbsent),
	],
	["a wrong key", apiKey, "/v1/teams", { headers: { authorization: "Bearer wrong" } }, refusedWith(401, keyWrong)],
	[
		"an unknown route",
		apiKey,
		"/v1/nothing",
		{},
		refusedWith(404, "There is nothing at /v1/nothing. GET /v1/openapi.json lists what there is."),
	],
	[
		"a route with a slash too many",
		apiKey,
		"/v1/sessions/",
		{},
		refusedWith(404, "There is nothing at /v1/sessions/. GET /v1/openapi.json lists what there is."),
	],
	[
		"an unknown route tells nothing without a key",
		apiKey,
		"/v1/nothing",
		{ headers: { authorization: "" } },
		refusedWith(401, keyAbsent),
	],
	[
		"a method that is not served",
		apiKey,
		"/v1/sessions/s1",
		{ method: "PUT" },
		refusedWith(405, "PUT is not served here; GET, PATCH, DELETE, HEAD, OPTIONS are."),
	],
	[
		"a method that is not served without a key",
		apiKey,
		"/healthz",
		{ method: "POST" },
		refusedWith(405, "POST is not served here; GET, HEAD, OPTIONS are."),
	],
])("%s", async (_, adminKey, path, sent, expected) => {
	expect(await send(makeApi({ adminKey }), path, sent)).toEqual(expected);
});

test.each<[string, string, string, [number, string | null, string]]>([
	["OPTIONS names the methods", "OPTIONS", "/v1/teams/x", [204, "GET, PUT, DELETE, HEAD, OPTIONS", ""]],
	["HEAD is GET without a body", "HEAD", "/v1/teams", [200, null, "application/json"]],
])("%s", async (_, method, path, expected) => {
	const response = await sendRaw(makeApi(), path, { method });
	expect([response.status, response.headers.get("allow"), response.headers.get("content-type") ?? ""]).toEqual(
		expected,
	);
	expect(response.headers.get("x-content-type-options")).toBe("nosniff");
	expect(await response.text()).toBe("");
});

test("405 names the methods", async () => {
	const response = await sendRaw(makeApi(), "/v1/teams", { method: "DELETE" });
	expect([response.status, response.headers.get("allow")]).toEqual([405, "GET, HEAD, OPTIONS"]);
});

test("a fault of ours is a 500 that tells nothing about itself", async () => {
	const tenant = { teams: async () => Promise.reject(new Error("secret")) } as unknown as TenantRpc;
	const api = makeApi({ tenant: () => tenant });
	expect(await send(api, "/v1/teams")).toEqual(
		refusedWith(500, "Something failed on our side; the request may be sent again."),
	);
	expect(api.crashes).toEqual([new Error("secret")]);
});

test("every response says that its type is not to be guessed", async () => {
	const api = makeApi();
	const paths = ["/healthz", "/v1/teams", "/nothing", "/v1/sessions/none"];
	const said = await Promise.all(
		paths.map(async (path) => (await sendRaw(api, path)).headers.get("x-content-type-options")),
	);
	expect(said).toEqual(["nosniff", "nosniff", "nosniff", "nosniff"]);
});

test("the document describes the routes that are served, and no others", async () => {
	const described = Object.entries(openApi({ version: "1", server: "http://host" }).paths).flatMap(
		([path, methods]) =>
			Object.keys(methods)
				.filter((method) => method !== "parameters")
				.map(
					(method) =>
						`${method.toUpperCase()} ${path.replace(/\{\w+\}/, ":key").replace(/\{\w+\}/, ":part")}`,
				),
	);
	const served = Object.entries({ ...routes, ...sharedRoutes }).flatMap(([path, methods]) =>
		Object.keys(methods).map((method) => `${method} ${path}`),
	);
	expect(described.toSorted()).toEqual([...served, "GET /healthz"].toSorted());
});

test("the document is OpenAPI 3.1 whose references all lead somewhere", async () => {
	const { status, body } = await send(makeApi(), "/v1/openapi.json");
	const document = body as ReturnType<typeof openApi>;
	const text = JSON.stringify(document);
	const referred = [...text.matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name ?? "");
	expect([status, document.openapi, document.servers]).toEqual([200, "3.1.0", [{ url: "http://localhost" }]]);
	expect(referred.filter((name) => !(name in document.components.schemas))).toEqual([]);
	expect(Object.keys(document.components.schemas).filter((name) => !referred.includes(name))).toEqual([]);
	expect(text).not.toMatch(/\$defs|\$schema/);
});

test("the document describes a request by the schema that checks it", async () => {
	const { components } = openApi({ version: "1", server: "http://host" });
	expect(components.schemas["SendMessage"]).toEqual({
		type: "object",
		properties: {
			message: { type: "string", maxLength: 200_000, pattern: "\\S" },
			attachments: { $ref: "#/components/schemas/Attachments" },
			chat: {
				type: "object",
				properties: {
					kind: { type: "string", enum: ["slack", "discord"] },
					address: { type: "string", pattern: "^[A-Za-z0-9._:/-]{1,200}$" },
				},
				required: ["kind", "address"],
				additionalProperties: false,
			},
		},
		required: ["message"],
		additionalProperties: false,
	});
});
