import type { SandboxLimits, SandboxSpec } from "../sandbox.ts";
import type { RunnerSettings } from "./settings.ts";

/** Why this host does not make such a sandbox; null where it does. */
export function specFault({ limits, egress }: SandboxSpec, settings: RunnerSettings): string | null {
	for (const name of limitNames) {
		const most = settings.limitsMax[name];
		if (limits[name] > most) return `limits.${name} is at most ${most} on this host, not ${limits[name]}`;
	}
	if (settings.egress === "all") return null;
	if (egress === "all") return "egress: this host lets nobody reach all the network; name origins";
	const refused = egress.find((origin) => !settings.egress.includes(origin));
	return refused === undefined ? null : `egress: ${refused} is not among the origins that this host allows`;
}

const limitNames = [
	"idleMs",
	"memoryBytesMax",
	"processesMax",
	"cpuPercentMax",
	"diskBytesMax",
	"fileBytesMax",
	"egressBytesMax",
] as const satisfies readonly (keyof SandboxLimits)[];
