import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Miniflare } from "miniflare";
import { bundled } from "./bundle.ts";
import { meterPath, type Metered } from "./metered.ts";

export type MeteredServer = {
	readonly url: string;
	readonly key: string;
	/** What was billed since this was asked for last. */
	readonly metered: () => Promise<Metered>;
	/** Where the runtime's inspector listens. */
	readonly inspectorUrl: () => Promise<URL>;
	readonly close: () => Promise<void>;
};

const key = "bench";

export type MeteredOptions = {
	/** A folder that outlives the server; without one its state is thrown away. */
	readonly kept?: string;
	/** The most that an isolate may hold before its runtime dies. */
	readonly heapMbMax?: number;
};

/** The Worker from its sources, with a meter, on the runtime that a deployment uses. */
export async function startMeteredServer(
	settings: Readonly<Record<string, string>>,
	{ kept, heapMbMax }: MeteredOptions = {},
): Promise<MeteredServer> {
	const stateDir = kept ?? (await mkdtemp(join(tmpdir(), "massgen-metered-")));
	// Miniflare takes the runtime's own flags from here alone, as it starts.
	if (heapMbMax !== undefined) process.env["MINIFLARE_WORKERD_V8_FLAGS"] = `--max-heap-size=${heapMbMax}`;
	const miniflare = new Miniflare({
		host: "127.0.0.1",
		port: 0,
		inspectorPort: 0,
		cf: false,
		telemetry: { enabled: false },
		logRequests: false,
		resourcePersistencePath: stateDir,
		workers: [{ config: await workerConfig({ ...settings, ADMIN_KEY: key }), dev: { rootPath: process.cwd() } }],
	});
	const { origin: url } = await miniflare.ready;
	delete process.env["MINIFLARE_WORKERD_V8_FLAGS"];
	return {
		url,
		key,
		metered: async () => {
			const metered: unknown = await (await fetch(`${url}${meterPath}`)).json();
			return metered as Metered;
		},
		inspectorUrl: () => miniflare.getInspectorURL(),
		close: async () => {
			await miniflare.dispose();
			if (kept === undefined) await rm(stateDir, { recursive: true, force: true });
		},
	};
}

async function workerConfig(settings: Readonly<Record<string, string>>) {
	const contents = await bundled("test/support/bench/counting-worker.ts");
	const texts = Object.entries(settings).map(([name, value]) => [name, { type: "text" as const, value }]);
	const object = (exportName: string) => ({ type: "durable-object" as const, worker: "metered", exportName });
	return {
		name: "metered",
		compatibilityDate: /^compatibility_date = "(.*)"/m.exec(await readFile("wrangler.toml", "utf8"))?.[1] ?? "",
		manifest: {
			mainModule: "worker.js",
			modulesRoot: process.cwd(),
			modules: { "worker.js": { type: "esm" as const, contents } },
		},
		env: { ...Object.fromEntries(texts), SESSION: object("Session"), TENANT: object("Tenant") },
		exports: {
			Session: { type: "durable-object" as const, storage: "sqlite" as const },
			Tenant: { type: "durable-object" as const, storage: "sqlite" as const },
		},
	};
}
