import manifest from "./manifest.json" with { type: "json" };

/** Stands in the file where a deployment's address belongs. */
const nowhere = "https://massgen.invalid";

/** What the app asks a workspace for. */
export const scopes: readonly string[] = manifest.oauth_config.scopes.bot;

/** The app's manifest for a deployment at this address: https://docs.slack.dev/reference/app-manifest. */
export function manifestFor(base: string): typeof manifest {
	const filled: unknown = JSON.parse(JSON.stringify(manifest).replaceAll(nowhere, base));
	return filled as typeof manifest;
}
