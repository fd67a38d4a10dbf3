import { type Context, Hono } from "hono";
import { refused, withoutKey } from "./auth.ts";
import { listBackends } from "./backends.ts";
import { showCounterfactuals } from "./counterfactuals.ts";
import type { Health } from "./contract.ts";
import type { AppDeps, Route } from "./deps.ts";
import { exportSession, exportShared } from "./export.ts";
import { showFile } from "./files.ts";
import { json } from "./json-response.ts";
import { deleteKey, putKey, testBackend } from "./keys.ts";
import { openApi } from "./openapi.ts";
import { diskFault } from "../std/disk-fault.ts";
import { problem, unavailable } from "./problem.ts";
import { showReceipt } from "./receipt.ts";
import {
	createSession,
	deleteSession,
	listSessions,
	renameSession,
	retryDelivery,
	sendMessage,
	sessionEvents,
	showSession,
	steerSession,
} from "./sessions.ts";
import { showTeamSchema } from "./schemas.ts";
import { showSetup } from "./setup.ts";
import { sharedEvents, showShared } from "./shared.ts";
import { createShare, deleteShare, listShares } from "./shares.ts";
import { deleteTeam, listTeams, putTeam, showTeam } from "./teams.ts";
import { deleteWebhook, listWebhooks, putWebhook, showWebhook } from "./webhooks.ts";

/** Paths to their methods. A path's parameter is always called `key`, a second one `part`. */
export const routes: Readonly<Record<string, Methods>> = {
	"/v1/sessions": { GET: listSessions, POST: createSession },
	"/v1/sessions/:key": { GET: showSession, PATCH: renameSession, DELETE: deleteSession },
	"/v1/sessions/:key/events": { GET: sessionEvents },
	"/v1/sessions/:key/export": { GET: exportSession },
	"/v1/sessions/:key/files/:part": { GET: showFile },
	"/v1/sessions/:key/receipt": { GET: showReceipt },
	"/v1/sessions/:key/counterfactuals": { GET: showCounterfactuals },
	"/v1/sessions/:key/shares": { GET: listShares, POST: createShare },
	"/v1/sessions/:key/shares/:part": { DELETE: deleteShare },
	"/v1/sessions/:key/turns": { POST: sendMessage },
	"/v1/sessions/:key/steer": { POST: steerSession },
	"/v1/sessions/:key/deliveries/:part/retry": { POST: retryDelivery },
	"/v1/teams": { GET: listTeams },
	"/v1/teams/:key": { GET: showTeam, PUT: putTeam, DELETE: deleteTeam },
	"/v1/webhooks": { GET: listWebhooks },
	"/v1/webhooks/:key": { GET: showWebhook, PUT: putWebhook, DELETE: deleteWebhook },
	"/v1/backends": { GET: listBackends },
	"/v1/backends/:key/key": { PUT: putKey, DELETE: deleteKey },
	"/v1/backends/:key/test": { POST: testBackend },
	"/v1/setup": { GET: showSetup },
	"/v1/schemas/team": { GET: showTeamSchema },
	"/v1/openapi.json": {
		GET: ({ deps, request }) =>
			json(openApi({ version: deps.version, server: deps.publicUrl ?? new URL(request.url).origin })),
	},
};

/** What a link opens: served without the key. */
export const sharedRoutes: Readonly<Record<string, Methods>> = {
	"/v1/shared/:key": { GET: showShared },
	"/v1/shared/:key/events": { GET: sharedEvents },
	"/v1/shared/:key/export": { GET: exportShared },
};

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
type Methods = { readonly [method in Method]?: Route };

export type Mount = (app: Hono) => void;

/**
 * The HTTP API. `mount` adds routes that stand before the key is asked for: webhooks (signed by their platform), routes
 * whose errors have another shape (they call `refused` themselves), the web page.
 */
export function makeApp(deps: AppDeps, mount: Mount = () => {}): Hono {
	const app = new Hono();
	app.use(async (context, next) => {
		await next();
		// A response that upgrades to a WebSocket cannot be copied, so it stays as it is.
		if (context.res.status !== 101) context.header("x-content-type-options", "nosniff");
	});
	serve(app, deps, { "/healthz": { GET: () => json({ ok: true, version: deps.version } satisfies Health) } });
	// Who has a link has no key; a server without a key serves nobody.
	app.use("/v1/shared/*", async (_, next) => withoutKey(deps.adminKey) ?? next());
	serve(app, deps, sharedRoutes);
	mount(app);
	app.use(async (context, next) => (await refused(context.req.raw, deps.adminKey)) ?? next());
	serve(app, deps, routes);
	app.notFound((context) =>
		problem(
			404,
			`There is nothing at ${context.req.path.slice(0, 200)}. GET /v1/openapi.json lists what there is.`,
		),
	);
	app.onError((error) => {
		deps.crashed(error);
		if (diskFault(error) !== null)
			return unavailable("The storage takes no writes at the moment. Send the request again a little later.");
		return problem(500, "Something failed on our side; the request may be sent again.");
	});
	return app;
}

function serve(app: Hono, deps: AppDeps, served: Readonly<Record<string, Methods>>): void {
	for (const [path, methods] of Object.entries(served)) {
		for (const [method, route] of Object.entries(methods)) {
			app.on(method, path, (context: Context) =>
				route({
					deps,
					request: context.req.raw,
					key: context.req.param("key") ?? "",
					part: context.req.param("part") ?? "",
				}),
			);
		}
		app.all(path, (context) => otherMethod(context.req.method, Object.keys(methods)));
	}
}

function otherMethod(method: string, served: readonly string[]): Response {
	const allow = [...served, ...(served.includes("GET") ? ["HEAD"] : []), "OPTIONS"].join(", ");
	if (method === "OPTIONS") return new Response(null, { status: 204, headers: { allow } });
	return problem(405, `${method.slice(0, 20)} is not served here; ${allow} are.`, { headers: { allow } });
}
