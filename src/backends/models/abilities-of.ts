import { abilityNames, type Abilities, type Ability, type AbilityName } from "./abilities.ts";
import { serverToolNames, type ServerTool } from "../backend.ts";
import { hostNamed } from "../hosts.ts";
import { traitsOf } from "./models.ts";
import { offersServerTool, serverToolEntry } from "./server-tools.ts";

/** What a host offers, whatever the model. A backend that is no host is one of ours, which takes the team's tools alone. */
export function hostAbilities(backend: string): Abilities {
	const host = hostNamed(backend);
	if (host === null) return abilitiesBy((name) => name === "tools");
	return abilitiesBy((name) => {
		if (!isServerTool(name)) return host.abilities[name];
		return offersServerTool(backend, name) ? "model" : false;
	});
}

/** The same for one model: what its host leaves open is decided by its row in the table of models, where it has one. */
export function abilitiesOf(backend: string, model: string): Abilities {
	const abilities = hostAbilities(backend);
	const traits = traitsOf(backend, model);
	return abilitiesBy((name) => {
		if (abilities[name] !== "model") return abilities[name];
		if (isServerTool(name)) return serverToolEntry(backend, model, name) !== null;
		return traits === null ? "model" : traits.has(name);
	});
}

function isServerTool(name: AbilityName): name is ServerTool {
	const names: readonly AbilityName[] = serverToolNames;
	return names.includes(name);
}

function abilitiesBy(ability: (name: AbilityName) => Ability): Abilities {
	const pairs = abilityNames.map((name) => [name, ability(name)] as const);
	return Object.fromEntries(pairs) as Abilities;
}
