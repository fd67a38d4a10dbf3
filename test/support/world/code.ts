import type { isHopeless } from "../../../durable-objects/store/boots.ts";
import type { wholeLog } from "../../../durable-objects/store/log.ts";
import type { openOutbox } from "../../../durable-objects/outbox/outbox.ts";
import type { makeRunner } from "../../../durable-objects/run/runner.ts";
import type { openStore } from "../../../durable-objects/store/store.ts";
import type { makeWatchers } from "../../../durable-objects/show/watchers.ts";
import type { openWebhooks } from "../../../durable-objects/outbox/webhooks.ts";
import type { plan } from "../../../src/consensus/plan.ts";

/** The doors of what the world runs, so that a mutated copy can stand in its place. */
export type Code = {
	readonly plan: typeof plan;
	readonly makeRunner: typeof makeRunner;
	readonly openStore: typeof openStore;
	readonly openOutbox: typeof openOutbox;
	readonly openWebhooks: typeof openWebhooks;
	readonly makeWatchers: typeof makeWatchers;
	readonly isHopeless: typeof isHopeless;
	readonly wholeLog: typeof wholeLog;
};

/** What a copy has to hold besides `durable-objects`. */
export const partsOfSource = ["agent", "backends", "consensus", "prompts", "std"] as const;

/** Imports from a folder that holds `src/` and `durable-objects/`, given as a file URL that ends in a slash. */
export async function loadCode(root: URL): Promise<Code> {
	const objects = [
		"run/runner",
		"store/store",
		"outbox/outbox",
		"outbox/webhooks",
		"show/watchers",
		"store/boots",
		"store/log",
	];
	const paths = ["src/consensus/plan.ts", ...objects.map((name) => `durable-objects/${name}.ts`)];
	const modules = await Promise.all(paths.map((path) => import(new URL(path, root).href)));
	return Object.assign({}, ...modules) as Code;
}

export const repositoryRoot = new URL("../../../", import.meta.url);
