import { z } from "zod";

/** True, false, `model` (it depends on the model) or `unknown` (nobody has looked it up). */
const ability = z.union([z.boolean(), z.enum(["model", "unknown"])]);
const abilities = z.object({
	tools: ability,
	reasoning: ability,
	images: ability,
	files: ability,
	image_output: ability,
	web_search: ability,
	code_execution: ability,
	web_fetch: ability,
	structured_output: ability,
	resume: ability,
});

/** What a model can do, or a host with some model. */
export const AbilityName = abilities.keyof();
export type AbilityName = z.output<typeof AbilityName>;

/**
 * `model`: the one the team `auto` would use. `why`: what is missing, null when ready. The rest is there for backends
 * that are hosts: what the demo computes with has no wire. `abilities`: of the host with any of its models;
 * `default_model_abilities`: of that one model.
 */
export const BackendListed = z.object({
	name: z.string(),
	ready: z.boolean(),
	model: z.string().nullable(),
	why: z.string().nullable(),
	/** Where its key comes from; a setting goes before one that is stored. A release that stored none does not say. */
	key: z.enum(["setting", "stored", "none"]).exactOptional(),
	wire: z.string().exactOptional(),
	default_model: z.string().exactOptional(),
	abilities: abilities.exactOptional(),
	default_model_abilities: abilities.exactOptional(),
});
/** `GET /v1/backends`. */
export const BackendList = z.object({ backends: z.array(BackendListed).readonly() });
export type BackendList = z.output<typeof BackendList>;
