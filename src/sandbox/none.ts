import { failing, type Sandbox } from "./sandbox.ts";

/** No place to run code: every request says so. */
export function noSandbox(): Sandbox {
	const refuse = async () => failing({ code: "unsupported", message: "No sandbox is set up: see SANDBOX_KIND." });
	return {
		abilities: { kind: "none", enforces: [], egress: "none", separatesStreams: false },
		create: refuse,
		start: refuse,
		read: refuse,
		kill: refuse,
		put: refuse,
		get: refuse,
		list: refuse,
		destroy: refuse,
	};
}
