import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeClient, type Client } from "../../../src/api/client.ts";
import { startServer } from "../../../src/cli/server.ts";
import { startFakeProviders } from "../fake-providers.ts";
import type { Brain } from "../fake-script.ts";

export type PageServer = {
	readonly url: string;
	readonly key: string;
	readonly client: Client;
	readonly close: () => Promise<void>;
};

/** The built Worker and page with an empty state of their own, whose models are these brains by their names. */
export async function startPageServer(brains: Readonly<Record<string, Brain>>): Promise<PageServer> {
	const unknown: Brain = () => [{ status: 404, message: "no such model" }];
	const fake = await startFakeProviders({ brain: (request) => (brains[request.model] ?? unknown)(request) });
	const stateDir = await mkdtemp(join(tmpdir(), "massgen-page-"));
	const settings = { ...fake.settings, ADMIN_KEY: "page" };
	const { url, key, close } = await startServer({ root: process.cwd(), stateDir, port: 0, settings, local: [] });
	return {
		url,
		key,
		client: makeClient({ baseUrl: url, key, fetch: (request) => fetch(request) }),
		close: async () => {
			await close();
			await fake.close();
			await rm(stateDir, { recursive: true, force: true });
		},
	};
}
