import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Miniflare } from "miniflare";
import { buildIfStale, builtPage, builtWorker } from "./build.ts";
import { guardRuntime } from "./guard.ts";
import type { LocalServer } from "./local-servers.ts";
import { keyOf, type Settings } from "./settings.ts";
import { wakeUnfinished } from "./wake.ts";

export type Server = { readonly url: string; readonly key: string; readonly close: () => Promise<void> };

export type ServerOptions = {
	readonly root: string;
	readonly stateDir: string;
	/** 0: any free port. */
	readonly port: number;
	readonly settings: Settings;
	readonly local: readonly LocalServer[];
};

/** The built Worker on the same runtime that a deployment uses, on loopback, with its state in a folder. */
export async function startServer({ root, stateDir, port, settings, local }: ServerOptions): Promise<Server> {
	await buildIfStale(root);
	const key = settings["ADMIN_KEY"] ?? keyOf(stateDir);
	guardRuntime();
	const miniflare = new Miniflare({
		host: "127.0.0.1",
		port,
		cf: false,
		telemetry: { enabled: false },
		logRequests: false,
		resourcePersistencePath: stateDir,
		workers: [
			{
				config: workerConfig(root, { ...settings, ADMIN_KEY: key, LOCAL_SERVERS: JSON.stringify(local) }),
				dev: { rootPath: root },
			},
		],
	});
	try {
		const url = await miniflare.ready;
		const server = { url: url.origin, key, close: () => miniflare.dispose() };
		await wakeUnfinished(server);
		return server;
	} catch (error) {
		// A runtime that is left behind keeps this process alive.
		await miniflare.dispose();
		throw error;
	}
}

function workerConfig(root: string, settings: Settings) {
	const contents = readFileSync(join(root, builtWorker), "utf8");
	const modules = { "worker.js": { type: "esm" as const, contents } };
	const texts = Object.entries(settings).map(([name, value]) => [name, { type: "text" as const, value }]);
	return {
		name: "massgen-edge",
		compatibilityDate: compatibilityDate(root),
		manifest: { mainModule: "worker.js", modulesRoot: join(root, "dist", "worker"), modules },
		env: {
			...Object.fromEntries(texts),
			SESSION: { type: "durable-object" as const, worker: "massgen-edge", exportName: "Session" },
			TENANT: { type: "durable-object" as const, worker: "massgen-edge", exportName: "Tenant" },
			INSTALLATION: { type: "durable-object" as const, worker: "massgen-edge", exportName: "Installation" },
			ASSETS: { type: "assets" as const },
		},
		exports: {
			Session: { type: "durable-object" as const, storage: "sqlite" as const },
			Tenant: { type: "durable-object" as const, storage: "sqlite" as const },
			Installation: { type: "durable-object" as const, storage: "sqlite" as const },
		},
		assets: {
			directory: join(root, builtPage),
			notFoundHandling: "single-page-application" as const,
			runWorkerFirst: ["/v1/*", "/webhooks/*", "/slack/*", "/discord/*", "/healthz"],
			hasUserWorker: true,
		},
	};
}

/** One source for the date: what a deployment runs on. */
function compatibilityDate(root: string): string {
	const date = /^compatibility_date = "(\d{4}-\d{2}-\d{2})"/m.exec(
		readFileSync(join(root, "wrangler.toml"), "utf8"),
	)?.[1];
	if (date === undefined) throw new Error("wrangler.toml names no compatibility_date");
	return date;
}
