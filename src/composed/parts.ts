import { makeBots, type Bots } from "../../bots/bots.ts";
import type { SessionRpc } from "../../durable-objects/rpc.ts";
import { makeApp, type Mount } from "../api/app.ts";
import { builtInTeams } from "../api/built-in-teams.ts";
import { makeClient } from "../api/client.ts";
import { makeRecentSessions } from "../api/recent-sessions.ts";
import { serverToolNames } from "../backends/backend.ts";
import type { Backends } from "../backends/backends.ts";
import { demoModels } from "../backends/demo/demo.ts";
import { isPriced } from "../backends/prices.ts";
import { sharingBackends } from "../backends/sharing.ts";
import { sleep } from "../backends/sleep.ts";
import { tried } from "../backends/tried.ts";
import { installationOf, keyringOf, localServersOf, settingsOf, tenantOf, type Env } from "../env.ts";
import type { Runtime } from "../std/runtime.ts";

/** The composition root: everything that is injected is injected here. Only `worker.ts` imports from this folder. */

const version = "0.3.0";

export const runtime: Runtime = {
	now: () => Date.now(),
	random: () => Math.random(),
	newId: () => crypto.randomUUID(),
};

/** The HTTP API of a deployment; `mount` adds what is served without a key. */
export function appOf(env: Env, mount: Mount = () => {}): ReturnType<typeof makeApp> {
	const settings = settingsOf(env);
	const made = backendsOf(env);
	const backends = { ...made, priced: isPriced, serverTools: serverToolNames };
	const deps = {
		adminKey: settings.ADMIN_KEY ?? null,
		publicUrl: settings.PUBLIC_URL ?? null,
		version,
		tenant: () => tenantOf(env),
		session: (id: string) => env.SESSION.getByName(id) as unknown as SessionRpc,
		backends,
		keys: keyringOf(env),
		setupChecks: [],
		tried: (spec: Parameters<typeof tried>[1]) => tried(made, spec, runtime),
		builtInTeams: () => builtInTeams(backends, { demoModels, local: localServersOf(env) }),
		recent: makeRecentSessions(),
		newId: runtime.newId,
		now: runtime.now,
		crashed,
	};
	return makeApp(deps, mount);
}

/** The chat bots, as clients of the API in this process. */
export function botsOf(env: Env): Bots {
	return makeBots(() => {
		const settings = settingsOf(env);
		// A deployment without a key serves nobody else, but its own bots are not strangers.
		const key = settings.ADMIN_KEY ?? runtime.newId();
		const app = appOf({ ...env, ADMIN_KEY: key });
		const client = makeClient({
			baseUrl: "http://in-process",
			key,
			fetch: async (request) => app.fetch(request, env),
		});
		const send: typeof fetch = (input, init) => fetch(input, init);
		const installation = (name: string) => installationOf(env, name);
		return { settings, client, installation, fetch: send, runtime, sleep, crashed };
	});
}

const backendsFor = sharingBackends(runtime);

/** `aside`: work that an answer need not wait for. */
export function backendsOf(env: Env, aside?: (work: Promise<void>) => void): Backends {
	return backendsFor(keyringOf(env).settings, { ai: env.AI, ...(aside && { aside }) });
}

/** Faults of ours go to the platform's log; what callers and sessions see is only that there was one. */
export function crashed(error: unknown): void {
	// oxlint-disable-next-line no-console
	console.error(error);
}
