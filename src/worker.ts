import { SessionObject } from "../durable-objects/session.ts";
import type { SessionParts } from "../durable-objects/wiring.ts";
import { deliverWebhook } from "../durable-objects/outbox/deliver-webhook.ts";
import type { SessionRpc } from "../durable-objects/rpc.ts";
import { makeApp } from "./api/app.ts";
import { makeRecentSessions } from "./api/recent-sessions.ts";
import { builtInTeams } from "./api/built-in-teams.ts";
import { serverToolNames } from "./backends/backend.ts";
import type { Backends } from "./backends/backends.ts";
import { demoModels } from "./backends/demo/demo.ts";
import { isPriced, priceOf, savedOf } from "./backends/prices.ts";
import { whereReady } from "./backends/ready.ts";
import { keyringOf, localServersOf, settingsOf, tenantOf, type Env } from "./env.ts";
import type { Runtime } from "./std/runtime.ts";
import { sharingBackends } from "./backends/sharing.ts";
import { sleep } from "./backends/sleep.ts";
import { tried } from "./backends/tried.ts";

export { Tenant } from "../durable-objects/tenant.ts";

/** The composition root: everything that is injected is injected here. Nothing imports this file. */
export class Session extends SessionObject {
	constructor(state: DurableObjectState, env: Env) {
		const backends = whereReady(backendsOf(env, (work) => state.waitUntil(work)));
		const tenant = () => tenantOf(env);
		const deliver = { webhook: deliverWebhook({ tenant, fetch, now: runtime.now }) };
		const tables = { priceOf: priceNow, savedOf: savedNow };
		const knowKeys = keyringOf(env).knows;
		super(state, env, { ...backends, ...tables, runtime, crashed, tenant, deliver, sleep, knowKeys });
	}
}

let app: ReturnType<typeof makeApp> | null = null;

export default {
	fetch(request, env) {
		app ??= appOf(env);
		return app.fetch(request, env);
	},
} satisfies ExportedHandler<Env>;

function appOf(env: Env): ReturnType<typeof makeApp> {
	const settings = settingsOf(env);
	const backends = { ...backendsOf(env), priced: isPriced, serverTools: serverToolNames };
	return makeApp({
		adminKey: settings.ADMIN_KEY ?? null,
		publicUrl: settings.PUBLIC_URL ?? null,
		version,
		tenant: () => tenantOf(env),
		session: (id) => env.SESSION.getByName(id) as unknown as SessionRpc,
		backends,
		keys: keyringOf(env),
		setupChecks: [],
		tried: (spec) => tried(backends, spec, runtime),
		builtInTeams: () => builtInTeams(backends, { demoModels, local: localServersOf(env) }),
		recent: makeRecentSessions(),
		newId: runtime.newId,
		now: runtime.now,
		crashed,
	});
}

const version = "0.3.0";

const runtime: Runtime = { now: () => Date.now(), random: () => Math.random(), newId: () => crypto.randomUUID() };

const priceNow: SessionParts["priceOf"] = (spec, usage) => priceOf(spec, usage, runtime.now());
const savedNow: SessionParts["savedOf"] = (spec, usage) => savedOf(spec, usage, runtime.now());

const backendsFor = sharingBackends(runtime);

function backendsOf(env: Env, aside?: (work: Promise<void>) => void): Backends {
	return backendsFor(keyringOf(env).settings, { ai: env.AI, ...(aside && { aside }) });
}

/** Faults of ours go to the platform's log; what callers and sessions see is only that there was one. */
function crashed(error: unknown): void {
	// oxlint-disable-next-line no-console
	console.error(error);
}
