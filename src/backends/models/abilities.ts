import type { ServerTool } from "../backend.ts";

/** What may be asked of a model, and may be lacking, in the order in which it is shown. */
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
 * What can be had of a model through us: `images` and `files` (PDF) to look at, `image_output` for pictures that it is
 * asked to make, three tools that its host runs, JSON of a given schema beside tools of ours, `resume` of a call that
 * lost its connection.
 */
export type Abilities = Readonly<Record<AbilityName, Ability>>;

/** What the row of a host says of all of its models; which of its own tools it runs is in `server-tools.ts`. */
export type HostAbilities = Readonly<Record<Exclude<AbilityName, ServerTool>, Ability>>;
