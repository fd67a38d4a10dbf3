import { backendListed } from "./backends.ts";
import type { AppDeps, Call } from "./deps.ts";
import { json } from "./json-response.ts";
import { isLocal } from "./origin.ts";
import type { Setup, SetupCheck } from "./setup-schema.ts";

/** A check that asks another machine is not waited for longer. */
const checkMsMax = 5000;

/** `GET /v1/setup`: what this deployment has and lacks, in words. No secret is part of it. */
export async function showSetup({ deps, request }: Call): Promise<Response> {
	await deps.keys.refreshed();
	const backends = deps.backends.names().map((name) => {
		const { ready, why, key } = backendListed(deps, name);
		return { name, ready, why, ...(key && { key }) };
	});
	const own = [publicUrl(deps, request), providers(backends)];
	const more = await Promise.all(deps.setupChecks.map(({ name, check }) => bounded(deps, name, check)));
	return json({ version: deps.version, checks: [...own, ...more], backends } satisfies Setup);
}

function publicUrl(deps: AppDeps, request: Request): SetupCheck {
	const name = "PUBLIC_URL";
	if (deps.publicUrl !== null) return { name, ok: true, detail: `Links lead to ${deps.publicUrl}.`, fix: null };
	if (isLocal(deps, request)) return { name, ok: true, detail: "This server is reached on this machine.", fix: null };
	const detail = "Links take whatever address a request came by.";
	return {
		name,
		ok: false,
		detail,
		fix: "Set PUBLIC_URL to the address that people use, like https://massgen.example.",
	};
}

function providers(backends: Setup["backends"]): SetupCheck {
	const name = "providers";
	const keyed = backends.filter(({ key }) => key !== undefined && key !== "none").map((backend) => backend.name);
	if (keyed.length > 0) return { name, ok: true, detail: `There are keys for ${keyed.join(", ")}.`, fix: null };
	const fix = "Store a provider's key with PUT /v1/backends/{name}/key, or set one like ANTHROPIC_API_KEY.";
	return { name, ok: false, detail: "No provider has a key, so only what needs none can answer.", fix };
}

/** A check that throws or takes too long says nothing about the others. */
async function bounded(deps: AppDeps, name: string, check: () => Promise<SetupCheck>): Promise<SetupCheck> {
	let timer: ReturnType<typeof setTimeout> | undefined;
	const tooLate = new Promise<SetupCheck>((resolve) => {
		timer = setTimeout(
			() => resolve(unknown(name, `It was not known within ${checkMsMax / 1000} seconds.`)),
			checkMsMax,
		);
	});
	try {
		return await Promise.race([check(), tooLate]);
	} catch (error) {
		deps.crashed(error instanceof Error ? error : new Error(String(error)));
		return unknown(name, "It could not be checked.");
	} finally {
		clearTimeout(timer);
	}
}

function unknown(name: string, detail: string): SetupCheck {
	return { name, ok: false, detail, fix: "Ask again a little later." };
}
