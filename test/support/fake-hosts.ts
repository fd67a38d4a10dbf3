import { hosts, type BackendSpec, type Host } from "../../src/backends/hosts.ts";
import type { JsonObject } from "../../src/std/json.ts";

/** Settings that take a server of fake providers for every host of the table. */
export function settingsAt(url: string): Readonly<Record<string, string>> {
	const named = Object.entries<Host>(hosts).flatMap(([name, { wire }]) => {
		const prefix = name.toUpperCase().replaceAll("-", "_");
		const versioned = wire === "openai-chat" || wire === "openai-responses";
		return [
			[`${prefix}_API_KEY`, `key-of-${name}`],
			[`${prefix}_BASE_URL`, versioned ? `${url}/v1` : url],
		];
	});
	return Object.fromEntries(named);
}

/** A choice of backend, by default with a model of no host's. */
export function specOf(backend: string, params: JsonObject = {}, model = "any"): BackendSpec {
	return { backend, model, params };
}
