import type { Runtime } from "../std/runtime.ts";
import { makeBackends, type Backends, type BackendsDeps } from "./backends.ts";
import { makeRefusedModes } from "./call/modes.ts";
import { demoBackend, demoModels } from "./demo/demo.ts";
import type { Settings } from "./hosts.ts";
import { makePace } from "./pace/pace.ts";
import { sleep } from "./sleep.ts";

type Own = Pick<BackendsDeps, "ai" | "aside">;

/** Makes backends, the demo's among them, for all sessions of an isolate: they send with the same keys, and learn from each other. */
export function sharingBackends({ now, random }: Runtime): (settings: Settings, own: Own) => Backends {
	const pace = makePace({ now, random, sleep });
	const refusedModes = makeRefusedModes();
	const extra = { demo: { backend: demoBackend({ sleep }), models: demoModels } };
	// Not the platform's own, which refuses to be called as somebody's method.
	const send: typeof fetch = (input, init) => fetch(input, init);
	return (settings, own) => makeBackends(settings, { fetch: send, now, extra, refusedModes, pace, ...own });
}
