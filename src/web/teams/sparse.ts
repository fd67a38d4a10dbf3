import { limitBounds, presets, protocolDefaults, type Team } from "../../consensus/team.ts";
import type { JsonObject, Json } from "../../std/json.ts";

/** What holds where a team does not say otherwise, by its preset. */
export function defaultsOf(preset: Json | undefined): { readonly protocol: JsonObject; readonly limits: JsonObject } {
	const name = preset === "quick" || preset === "thorough" ? preset : "balanced";
	const limits = Object.fromEntries(Object.entries(limitBounds).map(([limit, bounds]) => [limit, bounds.default]));
	const changes = presets[name];
	return {
		protocol: { ...protocolDefaults, ...changes.protocol },
		limits: { ...limits, ...changes.limits },
	};
}

/** A team as a person would have written it: what its preset says anyway is left out, so that another preset changes it. */
export function sparse(team: Team): JsonObject {
	const defaults = defaultsOf(team.preset);
	const { protocol, limits, ...rest } = team;
	return {
		...rest,
		agents: team.agents.map((agent) => ({ ...agent, tools: [...agent.tools] })),
		protocol: changed(protocol, defaults.protocol),
		limits: changed(limits, defaults.limits),
	};
}

function changed(values: object, defaults: JsonObject): JsonObject {
	const same = (name: string, value: unknown) => JSON.stringify(value) === JSON.stringify(defaults[name]);
	return Object.fromEntries(Object.entries(values).filter(([name, value]) => !same(name, value)));
}
