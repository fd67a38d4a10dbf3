import type { Backend } from "./backend.ts";
import type { Backends } from "./backends.ts";
import { makeFailure } from "./failure.ts";

/** Backends of a session, which may outlive the key that it was opened with: a call without one fails as a call does. */
export function whereReady(backends: Backends): Backends {
	const { open, resume, giveUp, problem } = backends;
	return {
		...backends,
		open: (spec) => {
			const lack = problem(spec);
			return lack === null ? open(spec) : failing(lack.message);
		},
		resume: (spec) => (problem(spec) === null ? resume(spec) : null),
		giveUp: (spec, handle) => {
			if (problem(spec) === null) giveUp(spec, handle);
		},
	};
}

function failing(message: string): Backend {
	return async function* unready() {
		yield [
			{ type: "failed", failure: makeFailure("auth", message) },
			{ type: "end", stop: "error" },
		];
	};
}
