import { AbilityName } from "./backend-list.ts";
import type { FieldError } from "./contract.ts";
import type { BackendsPort, ModelSpec } from "./deps.ts";

/** An agent with what its models have to be able to do. */
type Needing = ModelSpec & { readonly tools: readonly string[]; readonly fallback: ModelSpec | null };

/**
 * What an agent wants that its model, or its fallback, is known to lack. Paths are relative to the agent. A model that
 * cannot be called at all is for others to refuse.
 */
export function needFaults(agent: Needing, backends: BackendsPort): readonly FieldError[] {
	const models: readonly [path: string, spec: ModelSpec][] = [["model", agent]];
	const fallback: readonly [path: string, spec: ModelSpec][] =
		agent.fallback === null ? [] : [["fallback.model", agent.fallback]];
	return [...models, ...fallback]
		.filter(([, spec]) => backends.problem(specOf(spec)) === null)
		.flatMap(([path, spec]) => lacks(path, spec, agent.tools, backends));
}

/** Every agent answers and votes with tools of the team's own, so a model without them is no agent. */
function lacks(path: string, spec: ModelSpec, tools: readonly string[], backends: BackendsPort): readonly FieldError[] {
	const asked: readonly [string, string][] = [
		[path, "tools"],
		...tools.map((tool, i): [string, string] => [`tools.${i}`, tool]),
	];
	return asked.flatMap(([at, name]) => {
		const need = AbilityName.safeParse(name);
		const fault = need.success ? backends.problem(specOf(spec), [need.data]) : null;
		if (fault === null) return [];
		// The tool is the agent's, whichever of its models lacks it.
		const whose = path !== "model" && at !== path ? "its fallback: " : "";
		return [{ path: at, message: `${whose}${fault.message}` }];
	});
}

function specOf({ backend, model, params }: ModelSpec): ModelSpec {
	return { backend, model, params };
}
