import { sessionClass } from "../durable-objects/session.ts";
import type { SessionRpc, TenantRpc } from "../durable-objects/rpc.ts";
import { makeApp } from "./api/app.ts";
import { builtInTeams } from "./api/built-in-teams.ts";
import { makeBackends, type Backends } from "./backends/backends.ts";
import { demoBackend, demoModels } from "./backends/demo/demo.ts";
import { localServersOf, settingsOf, type Env } from "./env.ts";
import type { Runtime } from "./std/runtime.ts";

export { Tenant } from "../durable-objects/tenant.ts";

/** The composition root: everything that is injected is injected here. Nothing imports this file. */
export const Session = sessionClass((env) => {
	const backends = backendsOf(env);
	return { open: backends.open, priceOf: () => null, runtime, crashed, tenant: () => tenantOf(env) };
});

let app: ReturnType<typeof makeApp> | null = null;

export default {
	fetch(request, env) {
		app ??= appOf(env);
		return app.fetch(request, env);
	},
} satisfies ExportedHandler<Env>;

function appOf(env: Env): ReturnType<typeof makeApp> {
	const settings = settingsOf(env);
	const backends = backendsOf(env);
	return makeApp({
		adminKey: settings.ADMIN_KEY ?? null,
		publicUrl: settings.PUBLIC_URL ?? null,
		version,
		tenant: () => tenantOf(env),
		session: (id) => rpcOf<SessionRpc>(env.SESSION.getByName(id)),
		backends,
		builtInTeams: () => builtInTeams(backends, { demoModels, local: localServersOf(env) }),
		newId: runtime.newId,
		crashed,
	});
}

const version = "0.1.0";

const runtime: Runtime = { now: () => Date.now(), random: () => Math.random(), newId: () => crypto.randomUUID() };

function backendsOf(env: Env): Backends {
	const extra = { demo: demoBackend({ sleep }) };
	return makeBackends(settingsOf(env), { fetch: (input, init) => fetch(input, init), now: runtime.now, extra });
}

/** One tenant for now: whoever holds the deployment's key. */
function tenantOf(env: Env): TenantRpc {
	return rpcOf<TenantRpc>(env.TENANT.getByName("default"));
}

/** The platform types a stub by its class; our objects are known by what they offer. */
function rpcOf<Rpc>(stub: unknown): Rpc {
	return stub as Rpc;
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
	return new Promise((resolve) => {
		const timer = setTimeout(resolve, ms);
		signal.addEventListener("abort", () => (clearTimeout(timer), resolve()), { once: true });
	});
}

function crashed(error: unknown): void {
	console.error(error);
}
