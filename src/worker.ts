import { SessionObject } from "../durable-objects/session.ts";
import type { SessionParts } from "../durable-objects/wiring.ts";
import { deliverWebhook } from "../durable-objects/outbox/deliver-webhook.ts";
import type { SessionRpc } from "../durable-objects/rpc.ts";
import { makeApp } from "./api/app.ts";
import { makeRecentSessions } from "./api/recent-sessions.ts";
import { builtInTeams } from "./api/built-in-teams.ts";
import { serverToolNames } from "./backends/backend.ts";
import { makeBackends, type Backends } from "./backends/backends.ts";
import { demoBackend, demoModels } from "./backends/demo/demo.ts";
import { makeRefusedModes } from "./backends/call/modes.ts";
import { makePace } from "./backends/pace/pace.ts";
import { isPriced, priceOf, savedOf } from "./backends/prices.ts";
import { localServersOf, settingsOf, tenantOf, type Env } from "./env.ts";
import type { Runtime } from "./std/runtime.ts";
import { sleep } from "./backends/sleep.ts";

export { Tenant } from "../durable-objects/tenant.ts";

/** The composition root: everything that is injected is injected here. Nothing imports this file. */
export class Session extends SessionObject {
	constructor(state: DurableObjectState, env: Env) {
		const backends = backendsOf(env, (work) => state.waitUntil(work));
		const tenant = () => tenantOf(env);
		const deliver = { webhook: deliverWebhook({ tenant, fetch, now: runtime.now }) };
		const tables = { priceOf: priceNow, savedOf: savedNow };
		super(state, env, { ...backends, ...tables, runtime, crashed, tenant, deliver, sleep });
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

/** For all sessions of an isolate: they send with the same keys. */
const pace = makePace({ now: runtime.now, random: runtime.random, sleep });
const refusedModes = makeRefusedModes();

function backendsOf(env: Env, aside?: (work: Promise<void>) => void): Backends {
	const extra = { demo: { backend: demoBackend({ sleep }), models: demoModels } };
	const send: typeof fetch = (input, init) => fetch(input, init);
	const kept = { refusedModes, pace, ...(aside === undefined ? {} : { aside }) };
	return makeBackends(settingsOf(env), { fetch: send, now: runtime.now, extra, ai: env.AI, ...kept });
}

/** Faults of ours go to the platform's log; what callers and sessions see is only that there was one. */
function crashed(error: unknown): void {
	// oxlint-disable-next-line no-console
	console.error(error);
}
