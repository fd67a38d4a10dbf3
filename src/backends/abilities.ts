export const abilityNames = [
	"tools",
	"reasoning",
	"images",
	"files",
	"image_output",
	"web_search",
	"code_execution",
	"web_fetch",
	"structured_output",
	"resume",
] as const;
export type AbilityName = (typeof abilityNames)[number];

/** `model`: it depends on the model (or on how its server was started). `unknown`: nobody has looked it up. */
export type Ability = boolean | "model" | "unknown";
/**
 * What a host offers: `images` and `files` (PDF) to look at, `image_output` for pictures it makes, three tools that it
 * runs on its own side, JSON of a given schema, `resume` of a call that lost its connection.
 */
export type Abilities = Readonly<Record<AbilityName, Ability>>;

/** What can be had of a host here; `not_built`: the host may have it, but no request of ours can ask for it yet. */
export type UsableAbilities = Readonly<Record<AbilityName, Ability | "not_built">>;

/** Abilities that a request of the port can use. */
export const builtAbilities: readonly AbilityName[] = ["tools", "reasoning"];

/** A host's abilities as far as they can be used through us. */
export function usableAbilities(abilities: Abilities): UsableAbilities {
	const usable: Record<AbilityName, Ability | "not_built"> = { ...abilities };
	for (const name of abilityNames)
		if (abilities[name] !== false && !builtAbilities.includes(name)) usable[name] = "not_built";
	return usable;
}
