import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { fetch } from "miniflare";
import type { Request, Response } from "miniflare";
import { defineConfig } from "vitest/config";
import { chromiumPath, pageNotTested } from "./test/support/chromium.ts";
import { forgetKeys, isLoopback } from "./test/support/offline.ts";

forgetKeys(process.env);
// oxlint-disable-next-line no-console -- a run that leaves tests out must not look like one that passed them
if (chromiumPath === null) console.error(pageNotTested);

/** What a Worker under test may fetch: a fake on this machine. */
function outbound(request: Request): Promise<Response> {
	const { hostname } = new URL(request.url);
	if (!isLoopback(hostname)) throw new Error(`a test tried to reach ${hostname}: only loopback may be contacted`);
	return fetch(request);
}

/** Tests that start servers: they need the Worker to be built, and are patient. */
const servers = ["test/server/**/*.test.ts", "test/cli/**/*.test.ts", "test/bots/*/server/**/*.test.ts"];
const workers = ["test/durable-objects/**/*.test.ts"];
/** Tests that run commands in sandboxes, and attacks on them. */
const sandboxes = ["test/sandbox/**/*.test.ts"];
/** Tests of the page in a browser; what of it needs none is in folders below. */
const page = ["test/web/*.test.ts"];

export default defineConfig({
	test: {
		allowOnly: false,
		projects: [
			{
				test: {
					name: "node",
					include: ["test/**/*.test.ts"],
					exclude: [...servers, ...workers, ...page, ...sandboxes],
					setupFiles: ["test/support/setup.ts"],
				},
			},
			{
				test: {
					name: "server",
					include: servers,
					setupFiles: ["test/support/setup.ts"],
					globalSetup: ["test/support/checkout.ts"],
					// They wait more than they compute, and must not make other tests late: a group of their own, in pairs.
					maxWorkers: 2,
					sequence: { groupOrder: 1 },
					testTimeout: 30_000,
					hookTimeout: 30_000,
				},
			},
			{
				test: {
					name: "web",
					include: chromiumPath === null ? [] : page,
					setupFiles: ["test/support/setup.ts"],
					globalSetup: ["test/support/checkout.ts"],
					maxWorkers: 1,
					sequence: { groupOrder: 2 },
					testTimeout: 60_000,
					hookTimeout: 60_000,
				},
			},
			{
				test: {
					name: "sandbox",
					include: sandboxes,
					setupFiles: ["test/support/setup.ts"],
					maxWorkers: 2,
					sequence: { groupOrder: 1 },
				},
			},
			{
				plugins: [
					cloudflareTest(({ inject }) => ({
						wrangler: { configPath: "./wrangler.toml" },
						miniflare: { outboundService: outbound, bindings: { ...inject("providers") } },
					})),
				],
				test: {
					name: "workers",
					include: workers,
					globalSetup: ["test/support/workers-providers.ts"],
					testTimeout: 30_000,
				},
			},
		],
	},
});
