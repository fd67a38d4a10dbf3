import type { Team } from "../consensus/team.ts";
import type { BackendsPort } from "./deps.ts";
import { TeamInput } from "./team-schema.ts";
import { filledTeam } from "./team.ts";

/** A model server on this machine, as `npm start` found it. */
export type LocalServer = { readonly backend: string; readonly models: readonly string[] };

/** Teams that exist without being stored: `demo` always; `auto` and `local` when there is something to run them on. */
export function builtInTeams(
	backends: BackendsPort,
	{ demoModels, local }: { demoModels: readonly string[]; local: readonly LocalServer[] },
): readonly Team[] {
	const keyed = backends.keyed();
	const found = local.flatMap(({ backend, models }) => models.map((model) => ({ backend, model }))).slice(0, 3);
	return [
		team(
			"demo",
			"Three built-in calculators. They compute; they are no language models.",
			demoModels.map((model) => ({ backend: "demo", model })),
		),
		...(keyed.length === 0 ? [] : [team("auto", "One agent for each provider whose key is set.", keyed)]),
		...(found.length === 0
			? []
			: [team("local", "Models of the local server that was found at the start.", found)]),
	];
}

function team(name: string, description: string, models: readonly { backend: string; model: string }[]): Team {
	// Letters as ids: what a person reads beside each of them is the model.
	const agents = models.slice(0, 16).map((model, i) => ({ ...model, id: String.fromCharCode(97 + i) }));
	return filledTeam(TeamInput.parse({ name, description, agents }));
}
